import { hasPermission, type Target } from '../access/actor.ts'
import { longDay } from '../platform/web/dates.ts'
import { device } from './device.ts'
import { entryDetails } from './entry-details.ts'
import { eventLabel } from './event-label.ts'
import type { Entry } from './entries/queries.ts'
import { describeEntry } from './describe-entry.ts'

/** Prepares an entry for a page. With a viewer, names link to profiles. */
export function toEntryView(entry: Entry, viewer?: Target) {
  const { id, at, event, method, ip, user_agent } = entry
  const description = describeEntry(entry)
  const isSystem = ip === null && user_agent === null
  return {
    ...{ id, at, event, eventLabel: eventLabel(event), method, ...description },
    sentence: description.sentence.map((part): SentencePart =>
      viewer && 'person' in part
        ? { person: { ...part.person, href: linkTo(viewer, part.person.id, entry) } }
        : part,
    ),
    where: { ip, device: isSystem ? 'Fieldkey itself' : device(user_agent) },
    facts: entryDetails(entry),
  }
}

type SentencePart =
  { text: string } | { mark: string } | { person: { id: string; name: string; href?: string } }
export type EntryView = ReturnType<typeof toEntryView>

export interface Day {
  label: string
  entries: EntryView[]
}

/** Groups entries by day, in the company's time zone. */
export function byDay(entries: Entry[], timeZone: string, viewer?: Target): Day[] {
  const days: Day[] = []
  for (const entry of entries) {
    const label = longDay(entry.at, timeZone)
    if (days.at(-1)?.label !== label) days.push({ label, entries: [] })
    days.at(-1)?.entries.push(toEntryView(entry, viewer))
  }
  return days
}

/**
 * Links to the profile, or, for viewers who may not open it, to the person's entries in the log. A viewer with a team
 * role gets links only for people of the team.
 */
function linkTo(viewer: Target, id: string, entry: Entry): string | undefined {
  if (viewer.role.scope === 'team' && id !== entry.subject_id) return undefined
  return hasPermission(viewer, 'users.view') ? `/fieldworkers/${id}` : `/activity-log?about=${id}`
}
