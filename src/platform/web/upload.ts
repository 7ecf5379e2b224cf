import { Busboy, type BusboyInstance } from '@fastify/busboy'
import type { Request, RequestHandler, Response } from 'express'
import { finished } from 'node:stream'
import { TooManyRequests } from './errors.ts'
import { ByteBuffer } from './byte-buffer.ts'

/** A file that was sent with a form. Nothing about it is trusted, its name included. */
export interface Upload {
  name: string
  bytes: Buffer
  tooLarge: boolean
}

interface UploadRules {
  /** The id of the sender, or null for people who may not send one. */
  senderOf: (req: Request) => string | null
  /** Runs before the first byte of a file is stored, with the fields that came before it. */
  checkCsrfToken: RequestHandler
  maxBytes: number
}

/** A form with a file holds its token and little else. */
const limits = { files: 1, fields: 10, fieldSize: 4_096, parts: 11, headerSize: 4_096 }
const maxBytesBeforeFile = 64 * 1024
/** Each upload stays in memory until it is answered, or for half a minute if nothing more arrives. */
const maxConcurrent = 8
const maxConcurrentPerSender = 2
const retryLater = 10

/**
 * Reads forms with a file at one address, for people who may send one. The token comes in the `x-csrf-token` header
 * or in a field before the file. Without a valid one nothing of the file is stored, and the answer does not wait for
 * it. The other fields become `req.body`, as in other forms. Uploads by others are not read at all.
 */
export function uploadAt(path: string, rules: UploadRules): RequestHandler {
  const senders: string[] = [] // one entry for each upload in progress
  return (req, res, next) => {
    const isUpload = req.method === 'POST' && req.path === path && req.is('multipart/form-data')
    const sender = isUpload ? rules.senderOf(req) : null
    if (sender === null) return next()
    const active = senders.filter((id) => id === sender).length
    if (active >= maxConcurrentPerSender) return next(new TooManyRequests(retryLater, tooManyBySender))
    if (senders.length >= maxConcurrent) return next(new TooManyRequests(retryLater, tooMany))
    senders.push(sender)
    finished(res, () => senders.splice(senders.indexOf(sender), 1)) // also if the sender has gone
    readForm(req, res, rules)
      .finally(() => req.unpipe().resume()) // discards the rest, so that the sender reads the answer
      .then(() => next(), next)
  }
}

/** Rejects at the first fault. The listeners stay, since a stream may fail again. */
async function readForm(
  req: Request,
  res: Response,
  { checkCsrfToken, maxBytes }: UploadRules,
): Promise<void> {
  const fields: Record<string, string> = {}
  let bytesBeforeFile = 0
  const parser = parserFor(req, maxBytes)
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
      checkCsrfToken(req, res, (refused?: unknown) => {
        if (refused) return reject(refused as Error)
        if (field !== 'file') return file.resume()
        const buffer = new ByteBuffer()
        const saveFile = () => (req.upload = { name, bytes: buffer.bytes, tooLarge: file.truncated })
        file.on('data', (chunk: Buffer) => buffer.add(chunk))
        file.on('end', saveFile)
        file.on('limit', () => resolve(void saveFile())) // without waiting for the rest
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

/** Parses untrusted input: an exception at a chunk is a fault of the form, and must not end the process. */
class FormParser extends Busboy {
  override _write(chunk: Buffer, encoding: BufferEncoding, done: (error?: Error | null) => void) {
    try {
      super._write(chunk, encoding, done)
    } catch (error) {
      done(error as Error)
    }
  }
}

const tooManyBySender = {
  heading: 'Two of your files are being read right now',
  message: 'Wait a few seconds, then send this one again. Nothing was changed.',
}

const tooMany = {
  heading: 'Many files are being read right now',
  message: 'Wait a few seconds, then send yours again. Nothing was changed.',
}

const unreadable = (cause: unknown) =>
  Object.assign(new Error('The form could not be read', { cause }), { status: 400 })
