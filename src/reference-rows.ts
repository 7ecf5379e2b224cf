import { builtInRoles } from './access/built-in-roles.ts'
import { permissions } from './access/permissions.ts'
import { allEventTypes } from './activity/event-types.ts'
import { automationKeys, definitions } from './automations/definitions.ts'
import type { ReferenceRows } from './platform/reference-rows.ts'

/** The rows that mirror lists in the code. `migrate` writes them in this order. */
export const referenceRows: ReferenceRows[] = [
  { table: 'event_types', key: ['name'], rows: allEventTypes.map((name) => ({ name })) },
  { table: 'permissions', key: ['name'], rows: permissions.map((name) => ({ name })) },
  {
    table: 'roles',
    key: ['name', 'built_in'],
    rows: builtInRoles.map((role) => ({ ...role, built_in: true })),
    follow: ['kind', 'scope', 'permissions'],
  },
  {
    table: 'automations',
    key: ['key'],
    rows: automationKeys.map((key) => {
      const { every, peopleADay, days, graceHours, daysAhead } = definitions[key].firstSettings
      return {
        key,
        every,
        people_a_day: peopleADay,
        days: days ?? null,
        grace_hours: graceHours ?? null,
        days_ahead: daysAhead ?? null,
      }
    }),
  },
]
