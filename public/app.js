// Conveniences only: every page works with these files missing. A page asks for those that it has a use for.
import './offline.js'

const uses = {
  './caller-check.js': '[data-caller-check]',
  './countdown.js': '[data-countdown]',
  './dialog.js': 'a[data-dialog], [data-draws]',
  './fields.js': '[data-reveal], [data-copy]',
  './find.js': '.finder, [data-find]',
  './filters.js': '[method=get], [data-send-on-change]',
  './live.js': '[data-live]',
  './proof.js': '[data-proof]',
  './shortcuts.js': '[data-shortcuts]',
  './strength.js': '[data-strength-for]',
  './tabs.js': '.tabs',
  './ticks.js': '[data-tick-all]',
  './type-ahead.js': '[data-people]',
  './undo.js': '[data-undo]',
}

for (const [file, use] of Object.entries(uses)) if (document.querySelector(use)) import(file)
