import type { TestApp } from './test-app.ts'
import type { HttpClient } from './http-client.ts'
import { run, sql } from '../../src/platform/db.ts'
import type { TestUser } from './people.ts'

export const formOf = ({ id }: TestUser) => `/users/${id}/password`

/** Presses *Send code* in the form of a person’s password. */
export const sendCode = (by: HttpClient, to: TestUser) =>
  by.post(`/users/${to.id}/caller-check`, {}, formOf(to))

/** The code in the newest email to a person. */
export async function emailedCode(app: TestApp, to: TestUser): Promise<string> {
  await app.runJobs()
  const [email] = (await app.emailsTo(to)).filter(({ template }) => template === 'caller_code')
  return /\b(\d{3} \d{3})\b/.exec(email?.text ?? '')?.[1] ?? 'no code'
}

export const answer = (by: HttpClient, to: TestUser, fields: Record<string, string>) =>
  by.post(`/users/${to.id}/caller-check/code`, fields, formOf(to))

/** Another code than this one. */
export const wrongFor = (code: string, by = 1): string =>
  String((Number(code.replace(' ', '')) + by) % 1_000_000).padStart(6, '0')

export const newPassword = 'violin trunk harvest 58 otter'
export const change = (by: HttpClient, who: TestUser, more: Record<string, string> = {}) =>
  by.post(
    formOf(who),
    { newPassword, confirmPassword: newPassword, mustChange: '1', endSessions: '1', ...more },
    formOf(who),
  )

/** Makes everything about a person’s checks so many seconds older. */
export const age = ({ db }: TestApp, { id }: TestUser, seconds: number) =>
  run(
    db,
    sql`update caller_checks set created_at = created_at - make_interval(secs => ${seconds}),
          outcome_at = outcome_at - make_interval(secs => ${seconds}) where user_id = ${id}`,
  )

export const policy = ({ db }: TestApp, callerCheck: 'off' | 'required') =>
  run(db, sql`update company set caller_check = ${callerCheck}`)
