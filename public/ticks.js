// The box on top of a list ticks all rows of the page; it shows whether all, some or none are ticked. The actions on what
// is ticked come right after the box that was ticked last: without script they are below the list.
document.addEventListener('change', ({ target }) => {
  const form = target.closest?.('form.bulk')
  if (!form || !target.matches('[data-tick-all], [name=ids], [name=all]')) return
  if (target.matches('[data-tick-all]')) for (const box of boxesOf(form)) box.checked = target.checked
  show(form, target)
})

document.addEventListener('keydown', (event) => {
  const form = document.querySelector('form.bulk:has([name=ids]:checked)')
  if (event.key !== 'Escape' || event.isComposing || !form || isElsewhere(event.target)) return
  const bar = form.querySelector('.bulkbar')
  const last = bar.contains(document.activeElement) && bar.parentElement.querySelector('[type=checkbox]')
  for (const box of form.querySelectorAll('[name=ids], [name=all]')) box.checked = false
  if (last) last.focus()
  show(form)
})

const boxesOf = (form) => [...form.querySelectorAll('[name=ids]')]
/** What Escape closes or leaves first. */
const isElsewhere = (element) =>
  element.closest('.finder, select') !== null ||
  document.querySelector('dialog[open], :popover-open') !== null

function show(form, pressed) {
  const boxes = boxesOf(form)
  const ticked = boxes.filter((box) => box.checked).length
  const top = form.querySelector('[data-tick-all]')
  top.checked = ticked > 0 && ticked === boxes.length
  top.indeterminate = ticked > 0 && ticked < boxes.length
  const bar = form.querySelector('.bulkbar')
  const all = form.querySelector('[name=all]')
  bar.querySelector('b').textContent = `${ticked} selected`
  if (pressed?.matches('[data-tick-all], [name=ids]')) pressed.closest('.pick').append(bar)
  const who = all?.checked ? all.parentElement.textContent.trim() : ticked || 'Nobody'
  form.querySelector('.ticked').textContent = ticked
    ? `${who} selected. Actions come next.`
    : 'Nobody selected.'
}
