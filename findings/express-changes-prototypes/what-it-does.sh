#!/usr/bin/env bash
# Express 5.3.0 on Node.js 20.20.2, and the prototypes of requests and responses.
# Expected: that Express sets its own prototype on each request and response costs next to nothing, since V8 caches maps.
# Seen: a bare page is two to three times as fast if the server makes both with that prototype, so that there is nothing to
# set. What costs is not the call but what Node.js does with the two objects later, with a shape that V8 does not know.
# What it means: pass `IncomingMessage` and `ServerResponse` classes to `http.createServer` whose prototypes inherit from
# `app.request` and `app.response`, and make those prototypes the app's. (Loopback alone, a few seconds.)
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y > /dev/null
npm install --no-audit --no-fund --silent node@20.20.2 express@5.3.0
cat > server.cjs <<'JS'
const express = require('express')
const http = require('node:http')
const app = express()
app.get('/', (req, res) => res.end('a page'))
const options = {}
if (process.argv[2] === 'made') {
  class Request extends http.IncomingMessage {}
  class Response extends http.ServerResponse {}
  Object.setPrototypeOf(Request.prototype, app.request)
  Object.setPrototypeOf(Response.prototype, app.response)
  Object.assign(app, { request: Request.prototype, response: Response.prototype })
  Object.assign(options, { IncomingMessage: Request, ServerResponse: Response })
}
const server = http.createServer(options, app)
server.listen(0, '127.0.0.1', () => process.send(server.address().port))
JS
cat > see.cjs <<'JS'
const { fork } = require('node:child_process')
const net = require('node:net')
const request = 'GET / HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n'
const pages = (port, milliseconds) =>
  new Promise((resolve) => {
    let answered = 0
    let open = 8
    const end = Date.now() + milliseconds
    for (let i = 0; i < 8; i++) {
      const socket = net.connect(port, '127.0.0.1', () => socket.write(request))
      socket.on('data', () => {
        answered++
        if (Date.now() < end) return socket.write(request)
        socket.destroy()
        if (--open === 0) resolve(answered)
      })
    }
  })
const start = (how) =>
  new Promise((resolve) => {
    const child = fork('server.cjs', [how])
    child.once('message', (port) => resolve({ child, port }))
  })
async function see() {
  const sides = [await start('set'), await start('made')]
  const most = [0, 0]
  for (let round = 0; round < 4; round++)
    for (const [i, { port }] of sides.entries()) most[i] = Math.max(most[i], await pages(port, 700))
  for (const { child } of sides) child.kill()
  const ratio = most[1] / most[0]
  console.log(`${process.version}, Express 5.3.0: ${ratio.toFixed(1)} times as many pages with prototypes that are there already`)
  process.exitCode = ratio > 1.3 ? 0 : 1
}
see()
JS
npx --no-install node see.cjs
