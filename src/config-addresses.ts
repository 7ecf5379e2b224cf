import { isIP } from 'node:net'
import { z } from 'zod'
import { parseUrl } from './platform/parse-url.ts'

type Fault = string | undefined

/** An address in a setting, or a message that follows the setting's name. No message repeats a password. */
function address<Value>(
  example: string,
  scheme: RegExp,
  faultOf: (url: URL, typed: string) => Fault,
  valueOf: (url: URL, typed: string) => Value,
) {
  return z.string().transform((typed, context) => {
    const url = scheme.test(typed) ? parseUrl(typed) : undefined
    const fault = url ? faultOf(url, typed) : `must be an address such as ${example}`
    if (url && !fault) return valueOf(url, typed)
    context.addIssue({ code: 'custom', message: fault ?? '' })
    return z.NEVER
  })
}

/** The public address of Fieldkey: scheme, host and port only, since it is served at the root of a host. */
export const baseAddress = z
  .string()
  .refine((typed) => !/^[a-z0-9.-]+\.[a-z]+(:\d+)?$|^localhost(:\d+)?$/i.test(typed), {
    error: ({ input }) => `must begin with https:// or http://: write ${withScheme(input as string)}`,
    abort: true,
  })
  .pipe(address('https://fieldkey.example.com', /^https?:\/\/[^/]/i, baseFault, (url) => url.origin))

const withScheme = (typed: string) => `${/^localhost/i.test(typed) ? 'http' : 'https'}://${typed}`

function baseFault({ username, password, pathname, search, hash, hostname, origin }: URL): Fault {
  if (!isHost(hostname)) return 'must be an address such as https://fieldkey.example.com'
  if (['0.0.0.0', '[::]'].includes(hostname))
    return 'must be the address that people type, such as https://fieldkey.example.com: nobody can open this one'
  const found = [
    (username || password) && 'user name or password',
    pathname !== '/' && 'path',
    search && 'query',
    hash && 'fragment (#…)',
  ].filter(Boolean)
  return found.length > 0
    ? `must have no ${found.join(' and no ')}, or links in emails will not work: write ${origin}`
    : undefined
}

const isHost = (hostname: string) => /^(\[[\da-f:.]+\]|[a-z0-9]([\w.-]*[a-z0-9])?\.?)$/i.test(hostname)

const encode = 'in a user name or password write # as %23, / as %2F, ? as %3F and % as %25'

/** A database with its name: without one PostgreSQL would silently use the database named like the user. */
export const databaseAddress = address(
  'postgres://user:password@host/fieldkey',
  /^postgres(ql)?:\/\//i,
  (url) => {
    const { pathname, hash, searchParams } = url
    const mode = searchParams.get('sslmode')
    if (hash || !isDecodable(url)) return `cannot be read: ${encode}`
    if (!/^\/[^/]+$/.test(pathname))
      return `must end with the name of a database, such as postgres://user:password@host/fieldkey (${encode})`
    if (mode !== null && !sslModes.includes(mode))
      return `has an sslmode that is none of ${sslModes.join(', ')}`
    return undefined
  },
  (_url, typed) => typed,
)
const sslModes = ['disable', 'prefer', 'require', 'verify-ca', 'verify-full', 'no-verify']

/**
 * A mail server. TLS from the start and TLS after the greeting do not understand each other, so the port must fit.
 * nodemailer would take any of its options from a query, over those of ours, so none but this one may be there.
 */
export const mailAddress = address(
  'smtp://user:password@mail.example.com:587',
  /^smtps?:\/\/[^/]/i,
  (url) => {
    const { protocol, hostname, port, username, password, pathname, search, hash } = url
    if (!hostname) return 'must name the mail server, such as smtp://user:password@mail.example.com:587'
    if (hash || !['', '/'].includes(pathname) || !isDecodable(url))
      return `must end after the port: ${encode}`
    if (!['', '?requireTLS=true'].includes(search))
      return `must end after the port, or after ?requireTLS=true, the only option: ${encode}`
    if (Boolean(username) !== Boolean(password))
      return 'must have both a user name and a password, or neither'
    if (protocol === 'smtp:' && port === '465')
      return 'names port 465, which speaks TLS at once: write smtps://'
    if (protocol === 'smtps:' && ['25', '587', '2525'].includes(port))
      return `names port ${port}, where TLS begins after the greeting: write smtp://`
    return undefined
  },
  (_url, typed) => typed,
)

function isDecodable({ username, password, pathname }: URL): boolean {
  try {
    return [username, password, pathname].every((part) => decodeURIComponent(part) !== undefined)
  } catch {
    return false
  }
}

/** The trusted proxies as Express takes them: their number, or their addresses. Never all. */
export const trustedProxies = z
  .string()
  .transform((list) => (/^(false|off|no|0)$/i.test(list) ? false : list))
  .refine((list) => list === false || /^([1-9]|10)$/.test(list) || list.split(',').every(isProxy), {
    error:
      'must be the number of proxies in front, or their addresses with commas, such as 10.0.0.0/8; never all of them, which believes any header',
  })
  .transform((list) => (list !== false && /^\d+$/.test(list) ? Number(list) : list))

function isProxy(one: string): boolean {
  const [host = '', bits, ...more] = one.trim().split('/')
  if (more.length > 0) return false
  if (bits === undefined) return ['loopback', 'linklocal', 'uniquelocal'].includes(host) || isIP(host) !== 0
  const maxBits = { 0: -1, 4: 32, 6: 128 }[isIP(host)] ?? -1
  return /^\d{1,3}$/.test(bits) && Number(bits) >= 8 && Number(bits) <= maxBits
}
