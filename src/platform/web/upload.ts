import { Busboy, type BusboyInstance } from '@fastify/busboy'
import type { Request, RequestHandler, Response } from 'express'
import { finished } from 'node:stream'
import { TooManyRequests } from './errors.ts'
import { ByteBuffer } from './byte-buffer.ts'

/** A file that was sent with a form. Nothing in it is to be believed, its name neither. */
export interface Upload {
  name: string
  bytes: Buffer
  tooLarge: boolean
}

interface Rules {
  /** Who sends it, if they may: an id, or null for nobody. */
  senderOf: (req: Request) => string | null
  /** Asked before the first byte of a file is kept, with the fields that came before it in the body. */
  checkToken: RequestHandler
  mostBytes: number
}

/** A form with a file has its token and little else. */
const limits = { files: 1, fields: 10, fieldSize: 4_096, parts: 11, headerSize: 4_096 }
const maxBytesBeforeFile = 64 * 1024
/** Each holds its file in memory until it is answered, or for half a minute where nothing more of it comes. */
const maxConcurrent = 8
const mostAtOnceOfOne = 2
const retryLater = 10

/**
 * Reads forms with a file at one address, for people who may send one there. The token comes in the `x-csrf-token` header
 * or in a field before the file: without a valid one nothing of the file is kept, and the answer does not wait for it.
 * The fields go where those of other forms are. The file is held in memory. What others send is not read at all.
 */
export function uploadAt(path: string, rules: Rules): RequestHandler {
  const senders: string[] = [] // one entry for each upload that is being read
  return (req, res, next) => {
    const isUpload = req.method === 'POST' && req.path === path && req.is('multipart/form-data')
    const sender = isUpload ? rules.senderOf(req) : null
    if (sender === null) return next()
    const own = senders.filter((one) => one === sender).length
    if (own >= mostAtOnceOfOne) return next(new TooManyRequests(retryLater, tooManyOfOne))
    if (senders.length >= maxConcurrent) return next(new TooManyRequests(retryLater, tooMany))
    senders.push(sender)
    finished(res, () => senders.splice(senders.indexOf(sender), 1)) // also where the sender is gone already
    readForm(req, res, rules)
      .finally(() => req.unpipe().resume()) // what is still to come is thrown away, so that the sender reads the answer
      .then(() => next(), next)
  }
}

/** Rejects at the first fault. The listeners stay: a stream that fails once more must find one. */
async function readForm(req: Request, res: Response, { checkToken, mostBytes }: Rules): Promise<void> {
  const fields: Record<string, string> = {}
  let bytesBeforeFile = 0
  const parser = parserFor(req, mostBytes)
  await new Promise<void>((resolve, reject) => {
    const fail = (cause: unknown) => reject(unreadable(cause))
    for (const broken of ['error', 'partsLimit', 'filesLimit', 'fieldsLimit']) parser.on(broken, fail)
    finished(req, (error) => error && fail(error))
    parser.on('finish', resolve)
    parser.on('field', (name, value) => (fields[name] = value))
    parser.on('file', (field, file, name) => {
      bytesBeforeFile = -Infinity
      file.on('error', fail)
      req.body = fields
      checkToken(req, res, (refused?: unknown) => {
        if (refused) return reject(refused as Error)
        if (field !== 'file') return file.resume()
        const gathered = new ByteBuffer()
        const keep = () => (req.upload = { name, bytes: gathered.bytes, tooLarge: file.truncated })
        file.on('data', (chunk: Buffer) => gathered.add(chunk))
        file.on('end', keep)
        file.on('limit', () => resolve(void keep())) // the rest is not waited for
      })
    })
    req.pipe(parser)
    req.on('data', (chunk: Buffer) => {
      bytesBeforeFile += chunk.length
      if (bytesBeforeFile > maxBytesBeforeFile) fail('No file in sight')
    })
  })
  req.body = fields
}

function parserFor(req: Request, fileSize: number): BusboyInstance {
  try {
    return new FormParser({
      headers: { 'content-type': req.get('content-type') ?? '' },
      limits: { ...limits, fileSize },
    })
  } catch (error) {
    throw unreadable(error)
  }
}

/** Parses what strangers wrote: what it throws at a chunk is a fault of the form, and must not end the process. */
class FormParser extends Busboy {
  override _write(chunk: Buffer, encoding: BufferEncoding, done: (error?: Error | null) => void) {
    try {
      super._write(chunk, encoding, done)
    } catch (error) {
      done(error as Error)
    }
  }
}

const tooManyOfOne = {
  heading: 'Two of your files are being read just now',
  message: 'Wait a few seconds, then send this one again. Nothing was changed.',
}

const tooMany = {
  heading: 'Many files are being read just now',
  message: 'Wait a few seconds, then send yours again. Nothing was changed.',
}

const unreadable = (cause: unknown) =>
  Object.assign(new Error('The form could not be read', { cause }), { status: 400 })
