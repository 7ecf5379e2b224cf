// Takes the button away that takes an action back, ten seconds after the page was shown; later if it has the focus or the
// pointer. The action itself is done at once and does not wait for it.
const SECONDS = 10

for (const button of document.querySelectorAll('[data-undo]')) setTimeout(remove, SECONDS * 1000, button)

function remove(button) {
  if (!button.matches(':focus, :hover')) return button.remove()
  for (const end of ['blur', 'pointerleave']) button.addEventListener(end, () => button.remove())
}
