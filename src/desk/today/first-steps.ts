import { hasPermission, type Actor } from '../../access/actor.ts'
import type { Company } from '../../company/queries.ts'
import type { Db } from '../../platform/db.ts'
import { writtenAddress } from '../../platform/email-address.ts'
import { selectFirstSteps } from './queries.ts'

export interface FirstStep {
  done: boolean
  title: string
  text: string
  /** Where it is taken; the first is the page's main button if the step is the next. */
  buttons: ({ label: string } & ({ href: string } | { post: string }))[]
}

interface Steps {
  steps: FirstStep[]
  done: number
}

type Shown = Pick<Company, 'name' | 'timeZone' | 'officePhone'>

/** What a new company has to do, for people who may do it, until all is done or somebody dismissed it. */
export async function loadFirstSteps(
  db: Db,
  viewer: Actor,
  company: Shown,
  defaultName: string,
): Promise<Steps | null> {
  if (!mayTake(viewer)) return null
  const facts = await selectFirstSteps(db)
  if (facts.dismissed) return null
  const profile = { label: 'Change', href: '/settings/company/profile' }
  const steps: FirstStep[] = [
    {
      done: company.name !== defaultName,
      title: 'Name your company',
      text: `${company.name}, ${company.timeZone.replaceAll('_', ' ')}`,
      buttons: [profile],
    },
    {
      done: company.officePhone !== null,
      title: 'Give the office phone number',
      text: `${company.officePhone ? `${company.officePhone}. ` : ''}People see it wherever they read “call your office”.`,
      buttons: [company.officePhone ? profile : { ...profile, label: 'Add the number' }],
    },
    {
      done: facts.tested,
      title: 'Send a test email to yourself',
      text: `To ${writtenAddress(viewer.email)}. If it does not arrive, you see what the mail server said.`,
      buttons: [{ label: 'Send test email', post: '/settings/company/test-email' }],
    },
    {
      done: facts.fieldworkers,
      title: 'Add your first people',
      text: 'A CSV with name, email, phone and team, or one by one. Each gets an invitation.',
      buttons: [
        { label: 'Import', href: '/fieldworkers/import' },
        { label: 'Add one', href: '/fieldworkers/new' },
      ],
    },
    {
      done: facts.owners > 1,
      title: 'Add a second Owner',
      text: 'So that someone can help when you lose your password or your phone.',
      buttons: [{ label: 'Add an Owner', href: '/settings/company/users/new' }],
    },
  ]
  const done = steps.filter((step) => step.done).length
  return done === steps.length ? null : { steps, done }
}

/** All of it: a role that may give any other. */
const mayTake = (viewer: Actor): boolean =>
  !viewer.impersonator &&
  viewer.role.scope === 'company' &&
  (['settings.manage', 'users.manage', 'roles.manage'] as const).every((permission) =>
    hasPermission(viewer, permission),
  )
