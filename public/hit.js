// One hit of a search for people, from the template of its field.
import { markMatch } from './mark-match.js'

export function toHit(finder, person, typed, id) {
  const hit = finder.querySelector('template').content.firstElementChild.cloneNode(true)
  const [option, key] = hit.children
  option.id = id
  option.href = person.href
  option.querySelector('.avatar').textContent = initials(person.name)
  option.querySelector('b').append(...markMatch(person.name, typed))
  const seen = isNumber(typed) && person.phone ? person.phone : person.email
  option.querySelector('small').append(...markMatch(seen, typed))
  option.querySelector('.where').textContent = person.team
  const tag = option.querySelector('.tag')
  if (person.status === 'active') tag.remove()
  else tag.textContent = person.status[0].toUpperCase() + person.status.slice(1)
  tag.dataset.is = person.status
  const password = passwordPage(finder, person)
  if (password) key.href = password
  else key.remove()
  return hit
}

const isNumber = (typed) => /^[\d\s+()./-]+$/.test(typed)

/** Where the password of a hit is changed, if this person may do it; invited people have none yet. */
function passwordPage(finder, { id, status }) {
  if (!('passwords' in finder.dataset) || status === 'invited') return undefined
  if (id === document.body.dataset.person) return '/account/password'
  return `/users/${id}/password?returnTo=${encodeURIComponent(location.pathname + location.search)}`
}

function initials(name) {
  const words = name.split(/\s+/).map(([first = '']) => first)
  return (words[0] + (words.length > 1 ? words.at(-1) : '')).toUpperCase()
}
