/** More work is waiting than is allowed; the answer is 503 with Retry-After. */
export class Overloaded extends Error {
  retryAfter = 2

  constructor(what: string) {
    super(`Overloaded: ${what}`)
    this.name = 'Overloaded'
  }
}
