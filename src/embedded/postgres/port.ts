import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'

/** The wanted port if it is free, else any free one. */
export function freePort(wanted: number): Promise<number> {
  return tryPort(wanted).catch(() => tryPort(0))
}

function tryPort(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      const { port: found } = server.address() as AddressInfo
      server.close(() => resolve(found))
    })
  })
}
