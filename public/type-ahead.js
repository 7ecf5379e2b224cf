// Offers people by name while somebody types into a field marked data-people; without it the field takes the same words.
for (const field of document.querySelectorAll('input[data-people]')) {
  let asked = ''
  field.addEventListener('input', () => {
    const typed = field.value.trim()
    if (typed.length < 2 || typed === asked || chosen(field)) return
    asked = typed
    setTimeout(() => typed === field.value.trim() && offer(field, typed), 150)
  })
}

/** A choice from the list is typed as a whole: there is nothing more to offer. */
function chosen(field) {
  return [...field.list.options].some((option) => option.value === field.value)
}

async function offer(field, typed) {
  const answer = await fetch(`/activity-log/people?q=${encodeURIComponent(typed)}`).catch(() => undefined)
  if (!answer?.ok || typed !== field.value.trim()) return
  const people = await answer.json()
  field.list.replaceChildren(...people.map(({ name, email }) => new Option(name, email)))
}
