import { setTimeout as sleep } from 'node:timers/promises'
import { findBundle, usablePrograms } from './postgres/binaries.ts'
import { openCluster } from './postgres/cluster.ts'
import type { Cluster } from './postgres/cluster.ts'
import { ensureDatabase, release, url } from './postgres/shared-lock.ts'
import type { SharedLock } from './postgres/shared-lock.ts'
import { findDataDir } from './postgres/data-dir.ts'
import { attach, launch, shutDown } from './postgres/server.ts'
import type { Launch } from './postgres/server.ts'

type Options = Partial<Launch> & { folder: string }

export type EmbeddedPostgres = {
  /** Database `fieldkey`, as the role that works with it. */
  connectionString: string
  /** Database `fieldkey`, as its owner. */
  ownerConnectionString: string
  /** Database `postgres`, as superuser. */
  adminConnectionString: string
  /** A server was already running on this folder, and is used. */
  adopted: boolean
  /** Where the data is: in `folder`, except for root in a closed folder. */
  home: string
  /** Ends the server, unless another Fieldkey still uses it. */
  stop: () => Promise<void>
}

/**
 * A real PostgreSQL on 127.0.0.1 with its data in `folder`, for a machine that has none. Survives whatever happens to
 * Fieldkey: a server left running is adopted, one that was killed recovers, of several starts at once one wins.
 */
export async function startEmbeddedPostgres(options: Options): Promise<EmbeddedPostgres> {
  const { folder, port = 54329, settings = {}, log = () => {} } = options
  const bundle = findBundle()
  const place = findDataDir(folder, bundle.major)
  const cluster = await openCluster(place, await usablePrograms(bundle, place))
  const { guest, adopted } = await adoptOrLaunch(cluster, { port, settings, log })
  await ensureDatabase(guest, cluster)
  let stopped: Promise<void> | undefined
  return {
    connectionString: url(cluster, guest.port, 'fieldkey_app', 'fieldkey'),
    ownerConnectionString: url(cluster, guest.port, 'fieldkey', 'fieldkey'),
    adminConnectionString: url(cluster, guest.port, 'postgres', 'postgres'),
    adopted,
    home: cluster.home,
    stop: () => (stopped ??= stop(cluster, guest)),
  }
}

async function adoptOrLaunch(
  cluster: Cluster,
  wanted: Launch,
): Promise<{ guest: SharedLock; adopted: boolean }> {
  const deadline = Date.now() + 60_000
  while (Date.now() < deadline) {
    const host = await attach(cluster)
    if (host) return { guest: host, adopted: true }
    const guest = await launch(cluster, wanted, deadline)
    if (guest) return { guest, adopted: false }
    await sleep(100)
  }
  throw new Error(`The embedded database in ${cluster.home} neither answers nor lets another start.`)
}

async function stop(cluster: Cluster, guest: SharedLock) {
  const last = await release(cluster, guest)
  if (!last) return
  await shutDown(cluster)
  await last.client.end().catch(() => {})
}
