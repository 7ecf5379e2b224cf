/** The floors of the house, lowest first. A room imports from itself and from lower floors, nothing else. */
export const floors = [
  'foundation',
  'company',
  'access',
  'activity',
  'sessions',
  'people',
  'roles',
  'settings',
  'links',
  'passwords',
  'sign-in',
  'verification',
  'recovery',
  'invitations',
  'imports',
  'phone',
  'impersonation',
  'canned-responses',
  'campaigns',
  'automations',
  'metrics',
  'demo',
]

/** Libraries that only these files know; types may be named anywhere. */
const homes = {
  pg: ['foundation/'],
  express: [
    'app\\.ts$',
    'routes\\.ts$',
    '[^/]+/routes\\.ts$',
    '[^/]+/[^/]+-routes\\.ts$',
    'foundation/web/',
    'foundation/mail/outbox\\.ts$',
    'sessions/store\\.ts$',
  ],
  'express-session': ['sessions/store\\.ts$'],
  'connect-pg-simple': ['sessions/store\\.ts$'],
  passport: ['sign-in/'],
  'passport-[^/]+': ['sign-in/'],
  argon2: ['passwords/hash\\.ts$'],
  '@fastify/busboy': ['foundation/web/upload\\.ts$'],
  'csv-parse': ['imports/records\\.ts$'],
  csurf: ['foundation/web/csrf\\.ts$'],
  nodemailer: ['foundation/mail/'],
  'graphile-worker': ['worker\\.ts$', 'foundation/'],
  '@zip\\.js/zip\\.js': ['activity/evidence/write\\.ts$', 'commands/verify-evidence\\.ts$'],
  'prom-client': ['metrics/'],
  'rate-limiter-flexible': ['foundation/throttle\\.ts$'],
}

const anyOf = (names) => `(${names.join('|')})`

const upward = floors.map((room, i) => ({
  name: `floor-of-${room}`,
  comment: `${room} stands on ${floors.slice(0, i).join(', ') || 'nothing'}`,
  severity: 'error',
  from: { path: `^src/${room}/` },
  to: { path: '^src/', pathNot: `^src/${anyOf(floors.slice(0, i + 1))}/` },
}))

const atHome = Object.entries(homes).map(([library, files]) => ({
  name: `home-of-${library.replace('-[^/]+', '-strategies')}`,
  severity: 'error',
  from: { path: '^src/', pathNot: `^src/${anyOf(files)}` },
  to: { path: `(^|/)node_modules/${library}/`, dependencyTypesNot: ['type-only'] },
}))

export default {
  forbidden: [
    ...upward,
    {
      name: 'room-without-a-floor',
      comment: 'A new room needs its place in the list of floors',
      severity: 'error',
      from: {},
      to: { path: '^src/[^/]+/', pathNot: `^src/${anyOf([...floors, 'commands'])}/` },
    },
    { name: 'no-circles', severity: 'error', from: { path: '^src/' }, to: { circular: true } },
    {
      name: 'settings-at-the-roof',
      comment: 'Rooms are handed what they need; only the roof reads src/config.ts',
      severity: 'error',
      from: { path: '^src/[^/]+/', pathNot: '^src/commands/' },
      to: { path: '^src/config\\.ts$' },
    },
    { name: 'unresolved', severity: 'error', from: { path: '^src/' }, to: { couldNotResolve: true } },
    ...atHome,
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // Types count too: a room that names a type of an upper room knows of it.
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
}
