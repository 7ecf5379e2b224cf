import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, gzip } from 'node:zlib'
import type { Request, RequestHandler, Response } from 'express'

export interface StaticFiles {
  serve: RequestHandler
  /** The address of a file that may be cached for ever: it changes with the contents of the folder. */
  urlOf: (name: string) => string
}

const compressors = { br: promisify(brotliCompress), gzip: promisify(gzip) }
type Encoding = keyof typeof compressors
const text = /\.(css|js|svg|html|txt|webmanifest)$/

/**
 * The public files, read once. By its own name a file is cached for an hour. By an address of `urlOf` it is cached
 * for a year, since each release has other addresses. All files share one version, so that scripts and styles find
 * each other and their fonts. None contains personal data, so compressing them reveals nothing.
 */
export function staticFiles(folder: string): StaticFiles {
  const files = new Map(namesIn(folder).map((name) => [`/${name}`, new PublicFile(path.join(folder, name))]))
  const version = hashOf([...files].map(([name, { etag }]) => name + etag).join()).slice(0, 12)
  const versionedPath = /^\/static\/(\w{12})(\/.+)$/
  return {
    urlOf: (name) => `/static/${version}/${name}`,
    serve(req, res, next) {
      const [, requestedVersion, name = req.path] = versionedPath.exec(req.path) ?? []
      const file = files.get(name)
      if (!file || (req.method !== 'GET' && req.method !== 'HEAD')) return next()
      const caching = requestedVersion === version ? 'max-age=31536000, immutable' : 'max-age=3600'
      res.set(
        'Cache-Control',
        `public, ${requestedVersion && requestedVersion !== version ? 'no-cache' : caching}`,
      )
      file.send(req, res).catch(next)
    },
  }
}

class PublicFile {
  readonly etag: string
  readonly #type: string
  readonly #plain: Buffer
  readonly #compressed = new Map<Encoding, Promise<Buffer>>()

  constructor(file: string) {
    this.#plain = withImports(file)
    this.#type = path.extname(file)
    this.etag = hashOf(this.#plain).slice(0, 20)
  }

  async send(req: Request, res: Response): Promise<void> {
    res.type(this.#type).set({ ETag: `W/"${this.etag}"`, Vary: 'Accept-Encoding' })
    const encoding = text.test(this.#type) && req.acceptsEncodings('br', 'gzip')
    if (encoding) res.set('Content-Encoding', encoding)
    res.send(encoding ? await this.#as(encoding as Encoding) : this.#plain)
  }

  /** Compresses a file once for each encoding, when it is first requested. */
  #as(encoding: Encoding): Promise<Buffer> {
    const compressed = this.#compressed.get(encoding) ?? compressors[encoding](this.#plain)
    this.#compressed.set(encoding, compressed)
    return compressed
  }
}

/** A file as it is; the style sheet with its imports in place, so that a page waits for one file alone. */
function withImports(file: string): Buffer {
  const plain = readFileSync(file)
  if (path.basename(file) !== 'app.css') return plain
  const part = (_line: string, name: string) => readFileSync(path.join(path.dirname(file), name), 'utf8')
  return Buffer.from(plain.toString().replace(/^@import '(css\/[\w-]+\.css)';$/gm, part))
}

const hashOf = (what: Buffer | string): string => createHash('sha256').update(what).digest('hex')

const namesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, '/'))
    .sort()
