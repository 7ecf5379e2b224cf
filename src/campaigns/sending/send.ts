import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import type { Tx } from '../../foundation/db.ts'
import { enqueue } from '../../foundation/jobs.ts'
import type { PostOffice } from '../../foundation/mail/deliver.ts'
import { writeLetter, type Setting } from '../../foundation/mail/letter.ts'
import { classify, wordsOf } from '../../foundation/mail/refusal.ts'
import { Answers } from './answers/answers.ts'
import { claimLetters, type Outgoing } from './claim.ts'
import { holding, type Answer } from './answers/queries.ts'
import { updateClaimsReleased, updateLeftAlone, updateUnbegunReleased } from './queries.ts'

export interface CampaignOffice extends PostOffice {
  /** What links are made with. */
  linkKey: Buffer
}

const lanes = 2
const atOnce = 8
const slice = 3_000
const longestWait = 15 * 60

const Payload = z.object({ campaignId: z.string(), lane: z.string() })
type Payload = z.output<typeof Payload>

/** The jobs that send a campaign's letters: any worker may have any of them, and no letter is in two hands. */
export async function enqueueSending(tx: Tx, campaignId: string): Promise<void> {
  for (let lane = 1; lane <= lanes; lane++) await goOn(tx, { campaignId, lane: String(lane) }, 0)
}

const goOn = (tx: Tx, { campaignId, lane }: Payload, inSeconds: number) =>
  enqueue(tx, 'send_campaign', { campaignId, lane }, { key: `campaign ${campaignId} ${lane}`, inSeconds })

/**
 * Sends letters for a few seconds, then queues itself anew, so that other jobs and a stop are not kept waiting. Letters
 * in the hands of an attempt that was killed are due at once: a job runs in one place at a time.
 */
export async function sendCampaign(office: CampaignOffice, payload: unknown, jobId: string): Promise<void> {
  const its = Payload.parse(payload)
  await office.db.transaction((tx) => updateClaimsReleased(tx, jobId))
  const until = Date.now() + slice
  const answers = new Answers(office, its.campaignId, jobId)
  const setting = await office.setting()
  for (;;) {
    const claim = await office.db.transaction((tx) => claimLetters(tx, office.linkKey, its.campaignId, jobId))
    if (claim === 'over') return
    if ('letters' in claim) {
      const left = await sendAll(claim.letters, until + slice, (letter) =>
        send(office, answers, setting, letter),
      )
      if (left.length > 0) await office.db.transaction((tx) => updateUnbegunReleased(tx, jobId))
    }
    const wait = 'wait' in claim ? claim.wait : 0
    if (Date.now() + wait * 1000 > until) return office.db.transaction((tx) => goOn(tx, its, wait))
    if (wait > 0) await sleep(wait * 1000)
  }
}

/**
 * So many at a time, and none more before the answer to one of them is written down: whatever kills this process, no
 * more letters than these are sent again. When time is up, or the campaign held, gives those that it did not begin.
 */
async function sendAll(
  letters: Outgoing[],
  until: number,
  send: (letter: Outgoing) => Promise<Was>,
): Promise<Outgoing[]> {
  const left = [...letters]
  let held = false
  const next = async (): Promise<void> => {
    while (!held && Date.now() < until) {
      const letter = left.shift()
      if (!letter) return
      if (holding.has(await send(letter))) held = true
    }
  }
  await Promise.all(Array.from({ length: atOnce }, next))
  return left
}

type Was = Answer['was']

async function send(office: PostOffice, answers: Answers, setting: Setting, letter: Outgoing): Promise<Was> {
  const { book, transport } = office
  const { letterId: id, to, data, path, tries } = letter
  const written = await writeLetter(book, 'canned_response', data, {
    ...setting,
    link: setting.baseUrl + path,
  })
  const answer = await transport
    .send({ id, to_name: to.name, to_address: to.email }, written, setting.company.name)
    .then(
      (words) => ({ was: 'sent' as const, words, seconds: 0 }),
      (error: Error) => whatNext(error, tries),
    )
  await answers.note(letter, answer)
  return answer.was
}

/**
 * An address that is refused for good fails; an email that is refused for now is tried again, later each time. Everything
 * else holds the campaign, and its email is due again behind those that have not been tried.
 */
function whatNext(error: Error, tries: number) {
  const refusal = classify(error)
  const words = wordsOf(error)
  if (refusal === 'person') return { was: 'failed' as const, words, seconds: 0 }
  if (refusal === 'later')
    return { was: 'put off' as const, words, seconds: Math.min(longestWait, 2 ** tries) }
  return { was: refusal, words, seconds: 1 }
}

/** Every minute: a campaign that runs while no job sends its letters gets jobs again. */
export async function tendCampaigns({ db }: PostOffice): Promise<void> {
  await db.transaction(async (tx) => {
    for (const { id } of await updateLeftAlone(tx)) await enqueueSending(tx, id)
  })
}
