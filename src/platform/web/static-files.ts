import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, gzip } from 'node:zlib'
import type { Request, RequestHandler, Response } from 'express'

export interface StaticFiles {
  serve: RequestHandler
  /** The address of a file that may be kept for ever: it changes with what stands in the folder. */
  urlOf: (name: string) => string
}

const compressors = { br: promisify(brotliCompress), gzip: promisify(gzip) }
type Encoding = keyof typeof compressors
const text = /\.(css|js|svg|html|txt|webmanifest)$/

/**
 * The files that everybody may have, read once. By its own name a file is asked for again after an hour; by an address
 * of `addressOf` it is kept for a year, since another release has other addresses. All files share one mark, so that a
 * script finds its neighbours and a style its fonts. None holds anything of anybody's, so squeezing them tells nothing.
 */
export function staticFiles(folder: string): StaticFiles {
  const files = new Map(namesIn(folder).map((name) => [`/${name}`, new PublicFile(path.join(folder, name))]))
  const mark = hashOf([...files].map(([name, { etag }]) => name + etag).join()).slice(0, 12)
  const marked = /^\/static\/(\w{12})(\/.+)$/
  return {
    urlOf: (name) => `/static/${mark}/${name}`,
    serve(req, res, next) {
      const [, asked, name = req.path] = marked.exec(req.path) ?? []
      const file = files.get(name)
      if (!file || (req.method !== 'GET' && req.method !== 'HEAD')) return next()
      const kept = asked === mark ? 'max-age=31536000, immutable' : 'max-age=3600'
      res.set('Cache-Control', `public, ${asked && asked !== mark ? 'no-cache' : kept}`)
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

  /** Once for each way, when it is first asked for. */
  #as(encoding: Encoding): Promise<Buffer> {
    const made = this.#compressed.get(encoding) ?? compressors[encoding](this.#plain)
    this.#compressed.set(encoding, made)
    return made
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
