import { automationLetters } from './automations/letters.ts'
import { cannedLetters } from './canned-responses/letters.ts'
import type { LetterBook } from './foundation/mail/letter.ts'
import { invitationLetters } from './invitations/letters.ts'
import { passwordLetters } from './passwords/letters.ts'
import { peopleLetters } from './people/manage/letters.ts'
import { signInLetters } from './sign-in/letters.ts'
import { verificationLetters } from './verification/letters.ts'

/** Every letter that Fieldkey sends, from the rooms that write them. */
export const letterBook: LetterBook = {
  ...peopleLetters,
  ...passwordLetters,
  ...signInLetters,
  ...verificationLetters,
  ...invitationLetters,
  ...cannedLetters,
  ...automationLetters,
}
