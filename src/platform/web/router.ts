import { Router } from 'express'

/** A router that knows each address in one spelling only, so that no guard can be walked around by another. */
export const strictRouter = (): Router => Router({ caseSensitive: true, strict: true })
