// The page on which anybody checks an evidence pack: reads the form, asks evidence-check.js, shows what it found.
import { bare, checkEvidence } from './evidence-check.js'
import * as zip from './zip.min.js'

const form = document.querySelector('form')
const progress = document.getElementById('progress')
const verdict = document.getElementById('verdict')

form.addEventListener('submit', async (event) => {
  event.preventDefault()
  verdict.replaceChildren()
  const [pack] = form.elements.pack.files
  const fingerprint = form.elements.fingerprint.value.trim()
  const wrong = {
    pack: pack ? '' : 'Choose the zip first.',
    fingerprint:
      fingerprint && bare(fingerprint).length !== 64
        ? 'A fingerprint has 64 digits, 0 to 9 and a to f. Copy it whole, or leave it out.'
        : '',
  }
  for (const [name, words] of Object.entries(wrong)) tell(form.elements[name], words)
  const first = Object.keys(wrong).find((name) => wrong[name])
  if (first) return form.elements[first].focus()

  const button = form.querySelector('button')
  button.disabled = true
  progress.textContent = `Checking ${pack.name} …`
  const finding = await checkEvidence(pack, { zip, expected: fingerprint ? [fingerprint] : [] }).catch(
    unreadable,
  )
  progress.textContent = ''
  button.disabled = false
  show(finding)
})

/** Says beside a field what is wrong with it, or takes that back. */
function tell(field, words) {
  const id = `${field.id}-error`
  document.getElementById(id)?.remove()
  const others = (field.getAttribute('aria-describedby') ?? '')
    .split(' ')
    .filter((other) => other && other !== id)
  field.removeAttribute('aria-invalid')
  if (words) {
    field.setAttribute('aria-invalid', 'true')
    field.after(element('p', { id, className: 'error', textContent: words }))
    others.push(id)
  }
  if (others.length > 0) field.setAttribute('aria-describedby', others.join(' '))
  else field.removeAttribute('aria-describedby')
}

/** Say, the file was moved, or is larger than the memory of this browser. */
const unreadable = (error) => ({
  ok: false,
  keyKnown: false,
  verdict: 'This pack could not be read here. Use the command: npm run verify-evidence -- FILE.zip',
  details: [error.message],
})

function show({ ok, keyKnown, verdict: words, details, manifest }) {
  const kind = !ok ? 'bad' : keyKnown ? 'ok' : 'warn'
  const notice = document.getElementById(kind).content.cloneNode(true)
  notice.querySelector('b').textContent = words
  for (const detail of details) notice.firstElementChild.append(element('span', { textContent: detail }))
  verdict.append(notice)
  if (manifest)
    verdict.append(
      element('h2', { textContent: ok ? 'What it says' : 'What it says, not to be relied on' }),
      facts(manifest),
    )
  verdict.scrollIntoView({ block: 'nearest' })
}

function facts({ company, madeAt, madeBy, filter, reach, timeZone, rows, firstId, lastId, chain, key }) {
  const list = element('dl', { className: 'facts' })
  const lines = {
    Company: company,
    Exported: `${new Date(madeAt).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' })} UTC`,
    By: `${madeBy.name}, ${madeBy.email}`,
    Filter: `${filter}, days by the clock of ${timeZone}`,
    Reach: reach,
    Rows: rows,
    ...(rows > 0 ? { 'First id': firstId, 'Last id': lastId } : {}),
    'Head of chain': `${chain.headSeq}, ${chain.headHash}`,
    'Oldest kept': chain.oldestSeq,
    Key: key.fingerprint,
  }
  for (const [name, value] of Object.entries(lines))
    list.append(element('dt', { textContent: name }), element('dd', { textContent: String(value) }))
  return list
}

const element = (name, properties) => Object.assign(document.createElement(name), properties)
