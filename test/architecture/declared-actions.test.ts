import { expect, test } from 'vitest'
import { requirementsOf } from '../../src/access/action.ts'
import { actions } from '../support/actions.ts'
import { formHandlers } from '../support/routes.ts'
import { createTestApp } from '../support/test-app.ts'

const app = createTestApp()

// Forms whose steps have another order, each with a reason. Every other form is handled by `action`.
const others: Record<string, string> = {
  '/csp-report': 'browsers send it by themselves',
  '/sign-in': 'before sign-in',
  '/sign-out': 'works without a session, too',
  '/forgot-password': 'before sign-in',
  '/reset-password': 'before sign-in, with a link',
  '/invitation': 'before sign-in, with a link',
  '/verify-email': 'before sign-in, with a link',
  '/confirm-password': 'is what the step-up leads to',
  '/impersonation/end': 'only takes access away',
  '/account/email-verification': 'answers at once if there is nothing to verify',
  '/fieldworkers/bulk': 'shows a preview first, and hands over to later modules',
  '/settings/communications/canned-responses/preview': 'changes nothing and shows its form',
}

test('every form declares its permission and its step-up, or is listed here with a reason', () => {
  const plain = [...formHandlers(app.express)].filter(([, handler]) => !requirementsOf(handler))
  expect(plain.map(([path]) => path).sort()).toEqual(Object.keys(others).sort())
})

test('what a form declares is what the table of actions says, and what the other tests try out', () => {
  const declared = [...formHandlers(app.express)].flatMap(([path, handler]) => {
    const { permission, stepUp } = requirementsOf(handler) ?? {}
    return permission ? [{ path, permission, recent: stepUp === 'desk' }] : []
  })
  expect(declared.length).toBeGreaterThan(35)
  for (const { path, permission, recent } of declared) {
    const listed = actions.find(({ route }) => route === `POST ${path}`)
    const needed = permission === 'own account' ? undefined : Object.values(permission)[0]
    expect({ path, needed, recent }).toEqual({ path, needed: listed?.permission, recent: listed?.proof })
    expect([path, typeof permission === 'object' && 'company' in permission]).toEqual([
      path,
      listed?.of === 'company',
    ])
  }
})
