import http from 'node:http'
import type { Express } from 'express'
import type { AddressInfo } from 'node:net'
import { createApp } from './app.ts'
import { CachedCompany } from './company/cached-company.ts'
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
  const company = new CachedCompany(db, config)
  const server = await listen(createApp({ db, config, queue, company }), config)
  surviveFaults()
  return { port: (server.address() as AddressInfo).port, close: () => drain(server) }
}

function listen(app: Express, { port, host }: Config): Promise<http.Server> {
  const options = { maxHeaderSize: 16_384, connectionsCheckingInterval: 5_000, ...messagesOf(app) }
  const server = http.createServer(options, app)
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

/**
 * Requests and responses that are Express's from the start. Express 5.3 changes the prototype of Node's ones at each
 * request, after which V8 no longer knows their shape: that costs more than three quarters of a bare page.
 */
function messagesOf(app: Express) {
  class AppRequest extends http.IncomingMessage {}
  class AppResponse<Request extends http.IncomingMessage> extends http.ServerResponse<Request> {}
  Object.setPrototypeOf(AppRequest.prototype, app.request)
  Object.setPrototypeOf(AppResponse.prototype, app.response)
  Object.assign(app, { request: AppRequest.prototype, response: AppResponse.prototype })
  return { IncomingMessage: AppRequest, ServerResponse: AppResponse }
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
