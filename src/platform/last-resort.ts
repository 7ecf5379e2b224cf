import { log } from './log.ts'

/** Faults that nobody handled since this process began. Anything above zero is a mistake in the program. */
export let unhandledFaults = 0

/**
 * What nobody handled, a rejection too, is logged and counted, and the process goes on: one request's fault must not take
 * everybody's away (ASVS 16.5.4). Called once the process can answer; a fault before that ends it. See decision 30.
 */
export function surviveFaults(): void {
  process.on('uncaughtException', (fault: unknown, origin) => {
    unhandledFaults++
    const err = fault instanceof Error ? fault : new Error(String(fault))
    log.error({ err, origin }, 'a fault that nobody handled')
  })
}
