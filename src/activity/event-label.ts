export const categories = { security: 'Security events', account: 'Account', system: 'System' } as const
export type Category = keyof typeof categories

/** "Sign-in failed": a contract name as readable text. */
export const eventLabel = (name: string): string =>
  `${name[0]?.toUpperCase() ?? ''}${name.slice(1).replaceAll('_', ' ')}`.replace(
    /^Sign (in|out)\b/,
    'Sign-$1',
  )
