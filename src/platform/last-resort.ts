import { log } from './log.ts'

/** Unhandled faults since this process started. Anything above zero is a mistake in the program. */
export let unhandledFaults = 0

/**
 * Logs and counts unhandled exceptions and rejections, and lets the process go on: a fault in one request must not
 * stop the others (ASVS 16.5.4). It is called once the process can answer; a fault before that ends it. See decision
 * 30.
 */
export function surviveFaults(): void {
  process.on('uncaughtException', (fault: unknown, origin) => {
    unhandledFaults++
    const err = fault instanceof Error ? fault : new Error(String(fault))
    log.error({ err, origin }, 'a fault that nobody handled')
  })
}
