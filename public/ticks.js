// The box on top of a list ticks all rows of the page; it shows whether all, some or none are ticked.
document.addEventListener('change', ({ target }) => {
  const form = target.closest?.('form.bulk')
  const top = form?.querySelector('[data-tick-all]')
  if (!top) return
  const boxes = [...form.querySelectorAll('[name=ids]')]
  if (target === top) for (const box of boxes) box.checked = top.checked
  const ticked = boxes.filter((box) => box.checked).length
  top.checked = ticked > 0 && ticked === boxes.length
  top.indeterminate = ticked > 0 && ticked < boxes.length
})
