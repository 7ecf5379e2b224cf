import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { selectSignInFacts } from '../../../src/auth/passwords/sign-in-status/queries.ts'
import { run, sql, type Queryable, type Sql } from '../../../src/platform/db.ts'
import { createTestApp } from '../../support/test-app.ts'
import { openMailbox } from '../../support/mailbox.ts'
import { textOf, type HttpClient } from '../../support/http-client.ts'
import type { TestUser } from '../../support/people.ts'
import { resetRateLimits } from '../../support/rate-limits.ts'
import { customRole, roleId } from '../../support/roles.ts'

const app = createTestApp({ TRUST_PROXY: '1' })
const iphone =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1'
const temporary = 'copper lantern meadow 17'

let admin: HttpClient
let dispatcher: HttpClient
beforeAll(async () => {
  admin = await app.as('admin')
  dispatcher = await app.as('dispatcher')
})
beforeEach(() => resetRateLimits(app.db))

const worker = (traits = {}) =>
  app.createUser({ name: 'Wanda Why', role: 'Fieldworker', team: 'North', ...traits })
const age = (who: TestUser, change: Sql) => run(app.db, sql`update users set ${change} where id = ${who.id}`)

async function failToSignIn(who: TestUser, times: number, client = app.client(iphone)) {
  const _csrf = await client.token('/sign-in')
  for (let i = 0; i < times; i++)
    await client
      .postBare('/sign-in', { _csrf, email: who.email, password: 'wrong' })
      .set('X-Forwarded-For', '203.0.113.80')
}
/** The wrong attempts so far become so many, and nobody has to wait. */
const failures = (count: number) =>
  run(app.db, sql`update password_failures set failures = ${count}, open_at = '-infinity'`)

async function giveTemporary(who: TestUser) {
  const fields = { newPassword: temporary, confirmPassword: temporary, mustChange: '1' }
  expect((await dispatcher.post(`/users/${who.id}/password`, fields)).status).toBe(303)
}

/** The line, as the page of a person says it: title, advice, others, and the button. */
const lineOf = (page: string) =>
  textOf(
    /<div class="why [\s\S]*?<\/div>\s*(<(button|a)\b[\s\S]*?<\/(button|a)>)?\s*<\/div>/.exec(page)?.[0] ??
      '',
  )
const kindOf = (page: string) => /<div class="why (\w+)"/.exec(page)?.[1]
const profileOf = async (who: TestUser, as = dispatcher) =>
  (await as.get(`/fieldworkers/${who.id}`).expect(200)).text
const dialogOf = async (who: TestUser, as = dispatcher) =>
  (await as.get(`/users/${who.id}/password`).expect(200)).text

interface State {
  state: string
  arrange: () => Promise<TestUser>
  kind: string
  /** What a dispatcher reads; the button last. */
  line: RegExp
  /** What the dialog says more; null where a password cannot be set. */
  dialog?: RegExp | null
}

const at = 'today, \\d\\d:\\d\\d'
const until = '(\\d+ \\w{3} \\d{4}, )?\\d\\d:\\d\\d'
const laterOrAt = '(today, \\d\\d:\\d\\d|\\d+ \\w{3} \\d{4}, \\d\\d:\\d\\d)'
const invited = async () => {
  const email = `wanda.invited.${crypto.randomUUID()}@firm.test`
  await admin.post('/fieldworkers/new', { name: 'Wanda Why', email, phone: '', teamId: await northId() })
  const { rows } = await app.db.query(sql`select id, name, email from users where email = ${email}`)
  return rows[0] as TestUser
}
const northId = async () => {
  const { rows } = await app.db.query(sql`select id from teams where name = 'North'`)
  return (rows[0] as { id: string }).id
}
const accept = (change: Sql, who: TestUser) =>
  run(app.db, sql`update links set ${change} where user_id = ${who.id} and purpose = 'invite'`)

const states: State[] = [
  {
    state: 'nothing is wrong',
    kind: 'ok',
    line: new RegExp(`^Can sign in Last signed in ${at}\\.$`),
    arrange: async () => {
      const who = await worker()
      await app.signIn(who)
      return who
    },
  },
  {
    state: 'they never signed in',
    kind: 'ok',
    line: /^Can sign in Has not signed in yet\.$/,
    arrange: () => worker(),
  },
  {
    state: 'five wrong passwords',
    kind: 'bad',
    line: new RegExp(
      `^Locked out until ${until} 5 wrong passwords in a row\\. Unlock if .* Also: 5 attempts failed, the last ${at} from Safari, iOS \\(203\\.0\\.113\\.80\\)\\. Unlock$`,
    ),
    dialog: /Saving unlocks\..*Unlock only$/,
    arrange: async () => {
      const who = await worker()
      await failToSignIn(who, 7)
      return who
    },
  },
  {
    state: 'wrong passwords of strangers, while their own browser works',
    kind: 'bad',
    line: new RegExp(`^Locked out on new browsers until ${until} 5 .*used before still works\\..* Unlock$`),
    dialog: /Saving unlocks/,
    arrange: async () => {
      const who = await worker()
      await app.signIn(who)
      await failToSignIn(who, 5)
      return who
    },
  },
  {
    state: 'wrong passwords on a browser of their own',
    kind: 'bad',
    line: new RegExp(`^Locked out on a browser they used before, until ${until} 5 wrong.* Unlock$`),
    dialog: /Saving unlocks/,
    arrange: async () => {
      const who = await worker()
      const own = await app.signIn(who)
      await own.post('/sign-out', {}, '/account')
      await failToSignIn(who, 5, own)
      return who
    },
  },
  {
    state: 'wrong passwords on both',
    kind: 'bad',
    line: new RegExp(`^Locked out until ${until} 6 wrong`),
    dialog: /Saving unlocks/,
    arrange: async () => {
      const who = await worker()
      const own = await app.signIn(who)
      await own.post('/sign-out', {}, '/account')
      await failToSignIn(who, 5, own)
      await failToSignIn(who, 5)
      await run(app.db, sql`update password_failures set failures = 6 where device = '' and open_at > now()`)
      return who
    },
  },
  {
    state: 'a hundred wrong passwords',
    kind: 'bad',
    line: /^The password is disabled 100 wrong passwords in a row\. Unlocking does not help.* Send reset link$/,
    dialog: /Saving a new password lets them in\./,
    arrange: async () => {
      const who = await worker()
      await failToSignIn(who, 1)
      await failures(99)
      await failToSignIn(who, 1)
      return who
    },
  },
  {
    state: 'a hundred wrong passwords of strangers',
    kind: 'bad',
    line: /^The password is disabled on new browsers 100 .* may still work\. .* Send reset link$/,
    dialog: /Saving a new password lets them in\./,
    arrange: async () => {
      const who = await worker()
      await app.signIn(who)
      await failToSignIn(who, 1)
      await failures(99)
      await failToSignIn(who, 1)
      return who
    },
  },
  {
    state: 'a hundred wrong passwords on a browser of their own',
    kind: 'bad',
    line: /^The password is disabled on a browser they used before 100 .* Send reset link$/,
    dialog: /Saving a new password lets them in\./,
    arrange: async () => {
      const who = await worker()
      const own = await app.signIn(who)
      await own.post('/sign-out', {}, '/account')
      await failToSignIn(who, 1, own)
      await failures(99)
      await failToSignIn(who, 1, own)
      return who
    },
  },
  {
    state: 'a password that was removed',
    kind: 'bad',
    line: /^Has no valid password It was removed .* Send reset link$/,
    dialog: /Saving a new password lets them in\./,
    arrange: async () => {
      const who = await worker()
      await age(who, sql`password_hash = null`)
      return who
    },
  },
  {
    state: 'a temporary password that expired',
    kind: 'bad',
    line: /^The temporary password has expired It expired (today|yesterday).* never replaced\. .* Send reset link$/,
    dialog: /Saving a new password lets them in\./,
    arrange: async () => {
      const who = await worker()
      await giveTemporary(who)
      await age(who, sql`temporary_password_expires_at = now() - interval '1 minute'`)
      return who
    },
  },
  {
    state: 'a temporary password that was not used',
    kind: 'warn',
    line: new RegExp(
      `^Can sign in with the temporary password only Not used yet\\. It expires ${laterOrAt}\\. .* Send reset link$`,
    ),
    arrange: async () => {
      const who = await worker()
      await giveTemporary(who)
      return who
    },
  },
  {
    state: 'a temporary password that opened the change page, no more',
    kind: 'warn',
    line: new RegExp(
      `^Can sign in with the temporary password only Used ${at}, but not replaced yet\\. It expires ${laterOrAt}`,
    ),
    arrange: async () => {
      const who = await worker()
      await giveTemporary(who)
      await app.signIn(who, false, temporary)
      return who
    },
  },
  {
    state: 'a temporary password and an unverified address',
    kind: 'warn',
    line: /^Can sign in, but must verify the email .* expires .* a link sent to wanda\.why\S+@firm\.test, .* Send verification$/,
    arrange: async () => {
      const who = await worker({ verified: false })
      await giveTemporary(who)
      return who
    },
  },
  {
    state: 'an unverified address',
    kind: 'warn',
    line: /^Can sign in, but the email is not verified Before they can change .* Send verification$/,
    arrange: () => worker({ verified: false }),
  },
  {
    state: 'a password that reached its maximum age',
    kind: 'warn',
    line: new RegExp(
      `^Can sign in, and must then choose a new password .* maximum age ${at}\\. Send reset link$`,
    ),
    arrange: async () => {
      const who = await worker()
      await age(who, sql`password_expired_at = now(), password_grace_until = now()`)
      return who
    },
  },
  {
    state: 'an inactive account',
    kind: 'bad',
    line: new RegExp(
      `^Inactive Inactive since ${at}\\. A new password does not change that: an Admin activates them\\.$`,
    ),
    arrange: async () => {
      const who = await worker()
      await admin.post(`/users/${who.id}/status`, { status: 'inactive' }, '/fieldworkers')
      return who
    },
  },
  {
    state: 'a blocked account',
    kind: 'bad',
    line: new RegExp(
      `^Blocked Blocked ${at}\\. A new password does not change that: an Admin unblocks them\\.$`,
    ),
    arrange: async () => {
      const who = await worker()
      await admin.post(`/users/${who.id}/status`, { status: 'blocked' }, '/fieldworkers')
      return who
    },
  },
  {
    state: 'an invitation that waits to be sent',
    kind: 'bad',
    line: /^Invited, has no password yet The email with their invitation is waiting to be sent\.$/,
    dialog: null,
    arrange: invited,
  },
  {
    state: 'an invitation that is open',
    kind: 'bad',
    line: /^Invited, has no password yet Their invitation works until \d+ \w{3} \d{4}, \d\d:\d\d\. .*an Admin resends it\.$/,
    dialog: null,
    arrange: async () => {
      const who = await invited()
      await app.runJobs()
      return who
    },
  },
  {
    state: 'an invitation that expired',
    kind: 'bad',
    line: /^The invitation has expired It expired \d+ \w{3} \d{4}, .* An Admin sends another\.$/,
    dialog: null,
    arrange: async () => {
      const who = await invited()
      await app.runJobs()
      await accept(sql`expires_at = now() - interval '2 days'`, who)
      return who
    },
  },
  {
    state: 'an invitation that was withdrawn',
    kind: 'bad',
    line: /^Invited, but no invitation works .* An Admin sends another\.$/,
    dialog: null,
    arrange: async () => {
      const who = await invited()
      await accept(sql`superseded_at = now()`, who)
      return who
    },
  },
  {
    state: 'an email that bounced',
    kind: 'warn',
    line: new RegExp(
      `^Can sign in, but the last email bounced .* said ${at}: “.*550 5\\.1\\.1 mailbox unknown here”\\.$`,
    ),
    arrange: async () => {
      const who = await worker()
      await bounce(who)
      return who
    },
  },
  {
    state: 'two attempts that failed',
    kind: 'warn',
    line: new RegExp(
      `^Can sign in, but 2 attempts failed The last was ${at} from Safari, iOS \\(203\\.0\\.113\\.80\\)\\. .* Send reset link$`,
    ),
    arrange: async () => {
      const who = await worker()
      await failToSignIn(who, 2)
      return who
    },
  },
]

async function bounce(who: TestUser) {
  await dispatcher.post(`/users/${who.id}/password-reset`, {}, '/fieldworkers')
  const mailbox = await openMailbox()
  mailbox.judge = () => ({ code: 550, words: '5.1.1 mailbox unknown here' })
  await app.runJobs({ SMTP_URL: mailbox.url, MAIL_FROM: 'fieldkey@acme.test' })
  void mailbox.close()
}

describe('the profile and the dialog tell a dispatcher why somebody can’t get in', () => {
  test.each(states)('$state', async ({ arrange, kind, line, dialog }) => {
    const who = await arrange()
    const profile = await profileOf(who)
    expect(lineOf(profile)).toMatch(line)
    expect(kindOf(profile)).toBe(kind)
    if (dialog === null) return
    const sheet = await dialogOf(who)
    expect(lineOf(sheet).startsWith(lineOf(profile).split('.')[0] ?? 'x')).toBe(true)
    if (dialog) expect(lineOf(sheet)).toMatch(dialog)
    else expect(lineOf(sheet)).not.toContain('Saving')
  })
})

test('the most important comes first, and what is behind it appears once it is gone', async () => {
  const who = await worker({ verified: false })
  await giveTemporary(who)
  await bounce(who)
  await failToSignIn(who, 5)
  await age(who, sql`temporary_password_expires_at = now() - interval '1 minute'`)
  await run(app.db, sql`update password_failures set failures = 100 where open_at > now()`)
  await admin.post(`/users/${who.id}/status`, { status: 'blocked' }, '/fieldworkers')
  const first = async () => /<b>([^<]*)<\/b>/.exec((await profileOf(who)).split('class="why ')[1] ?? '')?.[1]
  const others = async () =>
    /Also: (.*?)\.(?= |$)/.exec(lineOf(await profileOf(who)))?.[1]?.split('; ').length

  expect([await first(), await others()]).toEqual(['Blocked', 5])
  await admin.post(`/users/${who.id}/status`, { status: 'active' }, '/fieldworkers')
  expect(await first()).toBe('The password is disabled')
  await run(app.db, sql`update password_failures set failures = 9 where open_at > now()`)
  expect(await first()).toBe('The temporary password has expired')
  await age(who, sql`temporary_password_expires_at = now() + interval '1 hour'`)
  expect(await first()).toMatch(/^Locked out until/)
  await dispatcher.post(`/users/${who.id}/unlock`, {}, `/fieldworkers/${who.id}`)
  expect(await first()).toMatch(/^Can sign in, but must verify/)
  await age(who, sql`temporary_password_expires_at = null`)
  expect(await first()).toBe('Can sign in, but the email is not verified')
  await age(who, sql`email_verified_at = now()`)
  expect(await first()).toBe('Can sign in, but the last email bounced')
  await run(app.db, sql`update emails set status = 'sent' where user_id = ${who.id}`)
  expect(await first()).toBe('Can sign in, but 5 attempts failed')
  await age(who, sql`last_sign_in_at = now()`)
  expect(await first()).toBe('Can sign in')
})

test('offers each viewer only the button that works for them', async () => {
  const blocked = await worker({ status: 'blocked' })
  expect(lineOf(await profileOf(blocked, admin))).toMatch(/ Unblock$/)
  const inactive = await worker({ status: 'inactive' })
  expect(lineOf(await profileOf(inactive, admin))).toMatch(/ Activate$/)
  expect(lineOf(await profileOf(await invited(), admin))).toMatch(/ Resend invitation$/)
  const bounced = await worker()
  await bounce(bounced)
  expect(lineOf(await profileOf(bounced, admin))).toMatch(/ Correct the address$/)
  expect(lineOf(await dialogOf(bounced, admin))).not.toContain('Correct the address')
  for (const path of [`/users/${blocked.id}/status`, `/users/${inactive.id}/status`])
    expect((await admin.post(path, { status: 'active' }, '/fieldworkers')).status).toBe(303)
})

test('a viewer who helps nobody and reads no log is not told from where attempts came', async () => {
  await customRole(app.db, 'Looker', ['users.view'])
  expect(await roleId(app.db, 'Looker')).toBeTruthy()
  const looker = await app.signIn(await app.createUser({ name: 'Lo Looker', role: 'Looker' }))
  const who = await worker()
  await failToSignIn(who, 5)
  const line = lineOf(await profileOf(who, looker))
  expect(line).toMatch(/^Locked out until/)
  expect(line).toContain('5 attempts failed')
  expect(line).not.toMatch(/203\.0\.113\.80|Safari|Unlock$/)
})

test('an attempt before a new password counts no more', async () => {
  const who = await worker()
  await failToSignIn(who, 2)
  await age(who, sql`password_changed_at = now()`)
  expect(lineOf(await profileOf(who))).toMatch(/^Can sign in Has not/)
})

test('an email that failed for another reason than its address is no bounce, and neither is one to an old address', async () => {
  const who = await worker()
  await bounce(who)
  await run(app.db, sql`update emails set not_a_bounce = true where user_id = ${who.id}`)
  expect(lineOf(await profileOf(who))).toMatch(/^Can sign in Has not/)
  await run(app.db, sql`update emails set not_a_bounce = false where user_id = ${who.id}`)
  expect(lineOf(await profileOf(who))).toMatch(/bounced/)
  await age(who, sql`email = 'moved.wanda@firm.test'`)
  expect(lineOf(await profileOf(who))).toMatch(/^Can sign in Has not/)
})

test('words of a mail server or a name are shown as they are, never as markup', async () => {
  const who = await worker()
  await bounce(who)
  await run(
    app.db,
    sql`update emails set server_answer = '550 <script>{at}</script>' where user_id = ${who.id}`,
  )
  expect(await profileOf(who)).toContain('“550 &lt;script&gt;{at}&lt;/script&gt;”')
})

test('one query finds it, and an index serves each of its parts', async () => {
  const who = await worker()
  const plan: string[] = []
  await app.db.transaction(async (tx) => {
    await tx.query(sql`set local enable_seqscan = off`) // where no index serves, the plan scans all the same
    const explaining = {
      async query(statement: Sql) {
        const { rows } = await tx.query(sql`explain ${statement}`)
        plan.push(...(rows as { 'QUERY PLAN': string }[]).map((row) => row['QUERY PLAN']))
        return { rows: [] }
      },
    } as unknown as Queryable
    await selectSignInFacts(explaining, [{ ...who, account: Buffer.alloc(32) }]).catch(() => {}) // explained, it has no row
  })
  const text = plan.join('\n')
  expect(text).not.toContain('Seq Scan')
  expect(text).toMatch(/emails_of_user|emails_by_address/)
  for (const index of [
    'password_failures_pkey',
    'links_of_user',
    'activity_log_by_subject',
    'known_devices_pkey',
    'users_pkey',
  ])
    expect(text).toContain(index)
})
