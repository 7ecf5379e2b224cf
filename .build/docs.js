// Writes what the documents repeat from the code: `npm run docs`, part of `npm run format`. Tests compare.
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { allEventTypes, eventDescriptions, eventTypes } from '../src/activity/event-types.ts'
import { actions } from '../test/support/actions.ts'
import { requirementsPage } from './requirements.js'

const docs = path.join(import.meta.dirname, '../docs')
const read = (file) => readFileSync(path.join(docs, file), 'utf8')

/** The table of a document: the rows that follow its heading. */
export const tableRows = (page, heading) =>
  page
    .split('\n')
    .slice(indexOfHeading(page, heading) + 2)
    .join('\n')
    .split('\n\n')[0]
    .trim()
    .split('\n')
    .map((row) => row.replace(/ *\| */g, '|'))

const indexOfHeading = (page, heading) => {
  const index = page.split('\n').findIndex((line) => line.replace(/ +/g, ' ').startsWith(`| ${heading} |`))
  if (index < 0) throw new Error(`There is no table that begins with ${heading}`)
  return index
}

/** Every event type: what it is, when it is recorded, and its details. */
export const eventRows = () =>
  allEventTypes.map((type) => {
    const { when, details = '' } = eventDescriptions[type]
    return row(`\`${type}\``, eventTypes[type], when, details)
  })

/** Every action of people who are signed in: what it requires. */
export const actionRows = () => {
  const scopes = { company: 'the company', people: 'people', self: 'oneself', nobody: 'the company' }
  return actions.map(({ route, of, permission, proof }) =>
    row(`\`${route}\``, permission ? `\`${permission}\`` : '', scopes[of], proof ? 'yes' : ''),
  )
}

const row = (...cells) => `|${cells.join('|')}|`

function writeTable(file, heading, rows) {
  const page = read(file)
  const lines = page.split('\n')
  const first = indexOfHeading(page, heading) + 2
  const last = lines.findIndex((line, index) => index >= first && !line.startsWith('|'))
  lines.splice(first, last - first, ...rows)
  writeFileSync(path.join(docs, file), lines.join('\n'))
}

if (process.argv[1] === import.meta.filename) {
  writeTable('activity-log.md', 'event', eventRows())
  writeTable('permissions.md', 'action', actionRows())
  writeFileSync(
    path.join(docs, 'security/requirements.md'),
    requirementsPage(JSON.parse(read('security/requirements.json'))),
  )
}
