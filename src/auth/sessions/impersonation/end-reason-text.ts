interface EndReason {
  byName: (name: string, as: string) => string
  toThem: (as: string) => string
}

/** What ends somebody's work as another and is told in two ways: by name, as it is kept, and to themself as “you”. */
export const endReasons = {
  password: {
    byName: (name: string) => `The password of ${name} was changed`,
    toThem: (as) => `Your password was changed, so you no longer work as ${as}.`,
  },
  moved: {
    byName: (name: string) => `The account of ${name} was changed`,
    toThem: (as) => `Your account was changed, so you no longer work as ${as}.`,
  },
  barred: {
    byName: (name: string, as: string) => `${name} may no longer work as ${as}`,
    toThem: (as) => `You may no longer work as ${as}.`,
  },
} satisfies Record<string, EndReason>

/** Why it ended, as whoever comes back reads it. Where both bear one name nobody knows which is meant. */
export function endReasonText(why: string, name: string, as: string): string {
  const theirs =
    name !== as && Object.values<EndReason>(endReasons).find((cause) => cause.byName(name, as) === why)
  return theirs ? theirs.toThem(as) : `${why}, so you no longer work as ${as}.`
}
