import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { createApp } from './app.ts'
import type { Cleanup } from './commands/cleanup.ts'
import type { Config } from './config.ts'
import type { Db } from './platform/db.ts'
import { surviveFaults } from './platform/last-resort.ts'
import { log } from './platform/log.ts'
import type { QueueState } from './platform/queue-state.ts'

/** A server that answers HTTP requests. */
export interface HttpServer {
  port: number
  close: Cleanup
}

/** Starts the HTTP server of this process. */
export async function startHttpServer(db: Db, config: Config, queue?: () => QueueState): Promise<HttpServer> {
  const server = await listen(createApp({ db, config, queue }), config)
  surviveFaults()
  return { port: (server.address() as AddressInfo).port, close: () => drain(server) }
}

function listen(app: http.RequestListener, { port, host }: Config): Promise<http.Server> {
  const server = http.createServer({ maxHeaderSize: 16_384, connectionsCheckingInterval: 5_000 }, app)
  Object.assign(server, { headersTimeout: 15_000, requestTimeout: 30_000, keepAliveTimeout: 5_000 })
  server.maxRequestsPerSocket = 1_000
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      server.on('error', (error) => log.error({ err: error }, 'a connection could not be accepted'))
      resolve(server)
    })
  })
}

/** Waits for open requests, for ten seconds at most. */
function drain(server: http.Server): Promise<void> {
  return new Promise((resolve) => {
    const tooLong = setTimeout(() => server.closeAllConnections(), 10_000)
    const idle = setInterval(() => server.closeIdleConnections(), 100)
    server.close(() => {
      clearTimeout(tooLong)
      clearInterval(idle)
      resolve()
    })
  })
}
