import path from 'node:path'
import { createHash, randomBytes } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import connectPgSimple from 'connect-pg-simple'
import express, { type Request, type RequestHandler, type Response } from 'express'
import session from 'express-session'
import helmet from 'helmet'
import pg from 'pg'

// What a careful engineer would write by hand with the same packages, without our product around it:
// node --import ./src/typescript.js test/bench/reference/server.ts DATABASE_URL '{"sign-in":5000,…}'
const [, , connectionString, bytes = '{}'] = process.argv
/** How long each page is, in bytes: as long as ours. */
const bytesOf = JSON.parse(bytes) as Record<string, number>

declare module 'express-session' {
  interface SessionData {
    personId: string
  }
}

const pool = new pg.Pool({ connectionString })
await pool.query(`
  create table if not exists session (sid text primary key, sess json not null, expire timestamptz not null);
  create table if not exists people (
    id uuid primary key default gen_random_uuid(), name text not null, email text not null unique, team text not null,
    status text not null, created_at timestamptz not null default now(),
    password_changed_at timestamptz not null default now(), last_sign_in_at timestamptz not null default now());
  create table if not exists reset_links (
    token_hash bytea primary key, person_id uuid not null references people, expires_at timestamptz not null);
  insert into people (name, email, team, status)
  select 'Person ' || n, 'person' || n || '@firm.test', 'Team ' || n % 7, 'active' from generate_series(1, 1000) n;
  create index if not exists people_by_name on people (name);
  analyze people`)

const app = express()
app.set('views', path.join(import.meta.dirname, 'views'))
app.set('view engine', 'ejs')
app.set('view cache', true)
app.use(helmet())
app.use(
  session({
    secret: 'for the reference alone',
    store: new (connectPgSimple(session))({ pool, pruneSessionInterval: false, disableTouch: true }),
    resave: false,
    saveUninitialized: false,
    cookie: { httpOnly: true, sameSite: 'lax', maxAge: 3_600_000 },
  }),
)
app.use(express.urlencoded({ extended: false }))

const first = 'person1@firm.test'
const byEmail = 'select * from people where email = $1'

app.get('/enter', async (req, res) => {
  const { rows } = await pool.query<{ id: string }>(byEmail, [first])
  req.session.personId = rows[0]?.id ?? ''
  res.redirect(303, '/account')
})
app.get('/sign-in', (req, res) => page(req, res, 'sign-in', { title: 'Sign in' }))
app.post('/forgot-password', async (req, res) => {
  const { email } = req.body as { email: string }
  const { rows } = await pool.query<{ id: string }>(byEmail, [email])
  const token = createHash('sha256').update(randomBytes(32)).digest()
  if (rows[0])
    await pool.query(
      `insert into reset_links (token_hash, person_id, expires_at) values ($1, $2, now() + interval '1 hour')`,
      [token, rows[0].id],
    )
  res.redirect(303, '/forgot-password/sent')
})

const requirePerson: RequestHandler = async (req, res, next) => {
  const { rows } = await pool.query<object>('select * from people where id = $1', [req.session.personId])
  res.locals.person = rows[0]
  next(rows[0] ? undefined : new Error('Nobody is signed in'))
}
app.get('/account', requirePerson, (req, res) => page(req, res, 'account', { title: 'My account' }))
app.get('/fieldworkers', requirePerson, async (req, res) => {
  const { rows } = await pool.query<object>('select * from people order by name limit 50')
  page(req, res, 'people', { title: 'Fieldworkers', people: rows })
})

const fillers = new Map<string, string>()

/** Sends a page of as many bytes as were asked for. */
function page(_req: Request, res: Response, view: string, locals: object): void {
  const filler = fillers.get(view)
  if (filler !== undefined) return res.render(view, { ...locals, filler })
  res.render(view, { ...locals, filler: '' }, (error: Error | null, html: string) => {
    if (error) throw error
    fillers.set(view, 'x'.repeat(Math.max(0, (bytesOf[view] ?? 0) - Buffer.byteLength(html))))
    res.send(html)
  })
}

const server = app.listen(0, '127.0.0.1', () => {
  process.stdout.write(`ready at http://127.0.0.1:${(server.address() as AddressInfo).port}\n`)
})
