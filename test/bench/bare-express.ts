import express from 'express'

// The least that a page of so many bytes can cost: one route, one string. `node --import ./src/typescript.js test/bench/bare-express.ts BYTES`
const page = '<!doctype html>'.padEnd(Number(process.argv[2]), ' page')
const server = express()
  .get('/', (_req, res) => {
    res.send(page)
  })
  .listen(0, '127.0.0.1', () => {
    process.stdout.write(`ready at http://127.0.0.1:${(server.address() as { port: number }).port}\n`)
  })
