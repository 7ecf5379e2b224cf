import type { Db } from '../platform/db.ts'
import type { Listener } from '../platform/listener.ts'
import { selectCompany, type Company, type CompanyDefaults } from './queries.ts'

/** A lost connection may go unnoticed, so what it would have said is heard after so long at the latest. */
const maxAgeMs = 10_000

/**
 * The settings of the company, kept in memory for every page. The database announces a change to all processes; while
 * a process does not hear it, it reads them for each request. Actions read them again under lock.
 */
export class CachedCompany {
  readonly #db: Db
  readonly #defaults: CompanyDefaults
  readonly #listener: Listener
  #kept: { company: Company; until: number } | undefined
  #changes = 0

  constructor(db: Db, defaults: CompanyDefaults) {
    this.#db = db
    this.#defaults = defaults
    this.#listener = db.listen('company_changed', () => this.#forget())
  }

  #forget() {
    this.#changes++
    this.#kept = undefined
  }

  async load(): Promise<Company> {
    if (this.#kept && this.#listener.isHearing && this.#kept.until > performance.now())
      return this.#kept.company
    const changes = this.#changes
    const company = await selectCompany(this.#db, this.#defaults)
    // A change that was announced meanwhile may be later than what was read.
    if (changes === this.#changes) this.#kept = { company, until: performance.now() + maxAgeMs }
    return company
  }
}
