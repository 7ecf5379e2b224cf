import type { RequestListener } from 'node:http'

/** The app with a clock around it: from a request's arrival until the last of its answer is handed on. */
export function clocked(expressApp: RequestListener): { app: RequestListener; took: () => number } {
  let ms = NaN
  return {
    app(req, res) {
      const began = performance.now()
      res.once('finish', () => (ms = performance.now() - began))
      expressApp(req, res)
    },
    took: () => ms,
  }
}
