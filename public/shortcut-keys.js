// Whether single keys lead somewhere. It is a matter of the browser: a person may dictate on one and type on another.
const NAME = 'shortcuts'

export const areShortcutsOn = () => localStorage.getItem(NAME) !== 'off'

export function switchShortcuts(on) {
  if (on) localStorage.removeItem(NAME)
  else localStorage.setItem(NAME, 'off')
}

export const isTyping = (element) =>
  element.closest('input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]') !== null
