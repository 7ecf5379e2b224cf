import { Router } from 'express'

/** A router that accepts one spelling of each address, so that no other spelling bypasses a guard. */
export const strictRouter = (): Router => Router({ caseSensitive: true, strict: true })
