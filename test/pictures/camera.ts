import path from 'node:path'
import type { Person } from '../support/browser.ts'

const album = path.resolve(import.meta.dirname, '../../docs/pictures')

/** Takes a screenshot for the guides. */
export async function picture(person: Person, name: string) {
  await person.page.waitForLoadState('networkidle')
  await person.page.evaluate('document.fonts.ready')
  await person.page.screenshot({
    path: path.join(album, `${name}.png`),
    animations: 'disabled',
    caret: 'hide',
  })
}

/** Moves the pointer to where it highlights nothing. */
export const quietly = ({ page }: Person) => page.mouse.move(0, 0)
