/** What went wrong, beside the field it went wrong in; `form` where no single field is at fault. */
export type Errors = Record<string, string>

export type Outcome<T> = { ok: true; value: T } | { ok: false; errors: Errors }

export const done = <T>(value: T): Outcome<T> => ({ ok: true, value })
export const refused = (errors: Errors): { ok: false; errors: Errors } => ({ ok: false, errors })
