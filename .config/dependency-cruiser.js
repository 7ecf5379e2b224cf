/**
 * The modules of src/, lowest first. A module imports itself and modules before it in this list. A folder that is
 * listed apart from the one around it is a module of its own.
 */
export const modules = [
  'platform',
  'company',
  'access',
  'activity',
  'auth/sessions',
  'people',
  'people/roles',
  'settings',
  'auth/links',
  'auth/passwords',
  'auth/sign-in',
  'auth/verification',
  'auth/reset',
  'auth/invitations',
  'people/imports',
  'mobile',
  'auth/impersonation',
  'campaigns/canned-responses',
  'campaigns',
  'automations',
  'desk',
  'ops',
  'embedded',
]

/** Libraries that only these files import; types may be imported anywhere. */
const owners = {
  pg: ['platform/', 'embedded/postgres/'],
  express: [
    'app\\.ts$',
    '.*routes\\.ts$',
    'platform/web/',
    'embedded/dev-outbox\\.ts$',
    'auth/sessions/store/session-store\\.ts$',
  ],
  'express-session': ['auth/sessions/store/session-store\\.ts$'],
  'connect-pg-simple': ['auth/sessions/store/session-store\\.ts$'],
  passport: ['auth/sign-in/'],
  'passport-[^/]+': ['auth/sign-in/'],
  argon2: ['auth/passwords/hash\\.ts$'],
  '@fastify/busboy': ['platform/web/upload\\.ts$'],
  'csv-parse': ['people/imports/csv-records\\.ts$'],
  csurf: ['platform/web/csrf\\.ts$'],
  nodemailer: ['platform/email/'],
  'graphile-worker': ['worker\\.ts$', 'platform/'],
  '@zip\\.js/zip\\.js': ['activity/evidence/write\\.ts$', 'commands/verify-evidence\\.ts$'],
  qr: ['auth/reset/qr-code\\.ts$'],
  'prom-client': ['ops/'],
}

/** Matches the files of these modules, without the modules inside their folders. */
const filesOf = (names) => `^src/(${names.map(pathOf).join('|')})`
const pathOf = (name) => {
  const inner = modules.flatMap((other) =>
    other.startsWith(`${name}/`) ? [other.slice(name.length + 1)] : [],
  )
  return inner.length > 0 ? `${name}/(?!(${inner.join('|')})/)` : `${name}/`
}

const order = modules.map((name, i) => ({
  name: `order-of-${name.replace('/', '-')}`,
  comment: `${name} may import ${modules.slice(0, i).join(', ') || 'no other module'}`,
  severity: 'error',
  from: { path: filesOf([name]) },
  to: { path: '^src/', pathNot: filesOf(modules.slice(0, i + 1)) },
}))

const ownership = Object.entries(owners).map(([library, files]) => ({
  name: `owner-of-${library.replace('-[^/]+', '-strategies')}`,
  severity: 'error',
  from: { path: '^src/', pathNot: `^src/(${files.join('|')})` },
  to: { path: `(^|/)node_modules/${library}/`, dependencyTypesNot: ['type-only'] },
}))

export default {
  forbidden: [
    ...order,
    {
      name: 'module-not-listed',
      comment: 'A new module needs its place in the list of modules',
      severity: 'error',
      from: {},
      to: { path: '^src/[^/]+/', pathNot: filesOf([...modules, 'commands']) },
    },
    { name: 'no-cycles', severity: 'error', from: { path: '^src/' }, to: { circular: true } },
    {
      name: 'config-at-the-top',
      comment: 'Modules are handed what they need; only the files directly in src/ read config.ts',
      severity: 'error',
      from: { path: '^src/[^/]+/', pathNot: '^src/commands/' },
      to: { path: '^src/config\\.ts$' },
    },
    { name: 'unresolved', severity: 'error', from: { path: '^src/' }, to: { couldNotResolve: true } },
    ...ownership,
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // Types count too: a module that names a type of a later module depends on it.
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
}
