import { Busboy } from '@fastify/busboy'
import type { Request, RequestHandler } from 'express'
import { pipeline } from 'node:stream/promises'

/** A file that was sent with a form. Nothing in it is to be believed, its name neither. */
export interface Upload {
  name: string
  bytes: Buffer
  tooLarge: boolean
}

/**
 * Reads forms with a file at one address, for those who may send one there: the fields go where those of other forms
 * are, so that the token is looked for as always, the file is held in memory until somebody asks for it. Everybody else's
 * is not read at all.
 */
export function uploadAt(path: string, maySend: (req: Request) => boolean, limit: number): RequestHandler {
  return async (req, _res, next) => {
    if (req.method !== 'POST' || req.path !== path || !req.is('multipart/form-data') || !maySend(req))
      return next()
    await readParts(req, limit).catch((error: Error) => {
      throw Object.assign(error, { status: 400 })
    })
    next()
  }
}

async function readParts(req: Request, limit: number) {
  const fields: Record<string, string> = {}
  const parts = new Busboy({
    headers: { ...req.headers, 'content-type': req.get('content-type') ?? '' },
    limits: { fileSize: limit, files: 1, fields: 20, fieldSize: 16_384, parts: 21 },
  })
  parts.on('field', (name, value) => {
    fields[name] = value
  })
  parts.on('file', (field, file, name) => {
    const chunks: Buffer[] = []
    file.on('data', (chunk: Buffer) => chunks.push(chunk))
    file.on('end', () => {
      if (field === 'file') req.upload = { name, bytes: Buffer.concat(chunks), tooLarge: file.truncated }
    })
  })
  await pipeline(req, parts)
  req.body = fields
}
