import type { Order, PeopleFilter, Sort, State } from '../filter.ts'

/** The states by which a list can be filtered. */
export const stateLabels: Record<State, string> = {
  temporary: 'Temporary password',
  locked: 'Locked out',
  never_signed_in: 'Never signed in',
  unverified: 'Email not verified',
  no_second_step: 'No second step',
}

/** The orders of a list, as a sentence goes on. */
export const sortLabels: Record<Sort, string> = {
  name: 'by name',
  '-name': 'by name, backwards',
  last_sign_in: 'by last sign-in, never and longest ago first',
  '-last_sign_in': 'by last sign-in, newest first',
  password_changed: 'by change of password, none and oldest first',
  '-password_changed': 'by change of password, newest first',
}

/** For the header of a column: how the list is sorted by it, and the order that a press asks for. Times begin with the newest. */
export function columnSort({ sort = 'name' }: PeopleFilter, order: Order) {
  const [first, second]: [Sort, Sort] = order === 'name' ? ['name', '-name'] : [`-${order}`, order]
  const direction = sort === order ? 'ascending' : sort === `-${order}` ? 'descending' : undefined
  return { direction, next: sort === first ? second : first } as const
}
