/** Error messages by field name; `form` if no single field is wrong. */
export type Errors = Record<string, string>

export type Result<T> = { ok: true; value: T } | { ok: false; errors: Errors }

export const ok = <T>(value: T): Result<T> => ({ ok: true, value })
export const invalid = (errors: Errors): { ok: false; errors: Errors } => ({ ok: false, errors })
