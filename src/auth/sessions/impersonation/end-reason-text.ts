interface EndReason {
  byName: (name: string, target: string) => string
  toYou: (target: string) => string
}

/** Reasons told in two ways: by name in the log, and as “you” to the admin. */
export const endReasons = {
  password: {
    byName: (name: string) => `The password of ${name} was changed`,
    toYou: () => 'Your password was changed.',
  },
  account: {
    byName: (name: string) => `The account of ${name} was changed`,
    toYou: () => 'Your account was changed.',
  },
  notAllowed: {
    byName: (name: string, target: string) => `${name} can no longer log in as ${target}`,
    toYou: (target) => `You can no longer log in as ${target}.`,
  },
} satisfies Record<string, EndReason>

/**
 * Why it ended, for the admin to read. If both people have the same name, the reason by name is ambiguous and kept.
 */
export function endReasonText(reason: string, name: string, target: string): string {
  const own =
    name !== target &&
    Object.values<EndReason>(endReasons).find((each) => each.byName(name, target) === reason)
  return own ? own.toYou(target) : `${reason}.`
}
