import { device } from './device.ts'
import type { Entry } from './queries.ts'
import { tell } from './sentence.ts'

/** An entry made ready for a page. */
export function shown(entry: Entry) {
  const { id, at, event, method } = entry
  return { id, at, event, method, ...tell(entry), where: { ip: entry.ip, device: device(entry.user_agent) } }
}
