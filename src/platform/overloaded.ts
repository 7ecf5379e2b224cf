/** More work was asked for than may wait; the door answers 503 with Retry-After. */
export class Overloaded extends Error {
  retryAfter = 2

  constructor(what: string) {
    super(`Too busy: ${what}`)
    this.name = 'TooBusy'
  }
}
