import type { Reason } from '../platform/reason.ts'

/** Why a campaign paused, if nobody paused it. */
export const pauseTexts = {
  not_allowed: '{name} can no longer run campaigns',
  other: '{text}',
} as const
export type PauseReason = Reason<typeof pauseTexts>

/** Why a running campaign waits. The words of the mail server follow. */
export const holdTexts = {
  away: 'The mail server does not respond',
  sender: 'The mail server refuses all our emails',
  slower: 'The mail server asks for fewer emails',
} as const
export type Hold = keyof typeof holdTexts
export const allHolds = Object.keys(holdTexts) as [Hold, ...Hold[]]

const nothingFailed = 'Nothing is lost and no one is marked as failed'
/** What happens to the emails meanwhile. */
export const retryTexts: Record<Hold, string> = {
  away: 'It is tried again every few seconds, and nothing is lost.',
  sender: `${nothingFailed}: it is tried again every few minutes. Ask the administrator of the mail server what it requires.`,
  slower: `${nothingFailed}: sending continues in a few minutes, more slowly.`,
}
