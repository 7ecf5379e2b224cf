/** What somebody is called by in a greeting: the first of their names. */
export const firstName = (name: string): string => name.split(/\s+/)[0] ?? name
