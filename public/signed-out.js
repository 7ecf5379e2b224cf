// A session that ends while a form is filled in: the form stays, and signing in happens in another tab.

/** Whether an answer is the sign-in page, whatever its address says of the page to return to. */
export const isSignedOut = (answer) =>
  Boolean(answer?.responseURL) && new URL(answer.responseURL).pathname === '/sign-in'

/** Says so above the fields, once. */
export function showSignedOut(form) {
  const icon = form.querySelector('.notice.bad .icon')?.cloneNode(true) ?? ''
  form.querySelector('[data-signed-out]')?.remove()
  const notice = document.createElement('div')
  notice.className = 'notice bad'
  notice.setAttribute('role', 'alert')
  notice.setAttribute('data-signed-out', '')
  const heading = document.createElement('b')
  heading.textContent = 'You were signed out. Nothing was changed.'
  const link = document.createElement('a')
  Object.assign(link, {
    href: '/sign-in',
    target: '_blank',
    rel: 'noopener',
    textContent: 'Sign in in a new tab',
  })
  const advice = document.createElement('span')
  advice.append('What you entered is still here. ', link, ', then come back and send it again.')
  notice.append(icon, heading, advice)
  const body = form.querySelector('.body') ?? form
  body.prepend(notice)
  notice.scrollIntoView({ block: 'nearest' })
  link.focus()
}
