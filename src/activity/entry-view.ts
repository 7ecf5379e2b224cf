import { hasPermission, type Target } from '../access/actor.ts'
import { longDay } from '../platform/web/dates.ts'
import { device } from './device.ts'
import { entryDetails } from './entry-details.ts'
import type { Entry } from './entries/queries.ts'
import { describeEntry } from './describe-entry.ts'

/** An entry made ready for a page; for a viewer names lead somewhere, without one they are only named. */
export function toEntryView(entry: Entry, viewer?: Target) {
  const { id, at, event, method, ip, user_agent } = entry
  const told = describeEntry(entry)
  const itself = ip === null && user_agent === null
  return {
    ...{ id, at, event, method, ...told },
    sentence: told.sentence.map((part) =>
      viewer && 'person' in part
        ? { person: { ...part.person, href: linkTo(viewer, part.person.id, entry) } }
        : part,
    ),
    where: { ip, device: itself ? 'Fieldkey itself' : device(user_agent) },
    facts: entryDetails(entry),
  }
}

/** Entries under the day on which they happened, in the time of the company. */
export function byDay(entries: Entry[], timeZone: string, viewer?: Target) {
  const days: { label: string; entries: ReturnType<typeof toEntryView>[] }[] = []
  for (const entry of entries) {
    const label = longDay(entry.at, timeZone)
    if (days.at(-1)?.label !== label) days.push({ label, entries: [] })
    days.at(-1)?.entries.push(toEntryView(entry, viewer))
  }
  return days
}

/** To the profile, or for who may not open one to what the log holds about them. A team's viewer reads of the team alone. */
function linkTo(viewer: Target, id: string, entry: Entry): string | undefined {
  if (viewer.role.scope === 'team' && id !== entry.subject_id) return undefined
  return hasPermission(viewer, 'users.view') ? `/fieldworkers/${id}` : `/activity-log?about=${id}`
}
