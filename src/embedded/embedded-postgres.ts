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
  /** Database `fieldkey`, as the app's role. */
  connectionString: string
  /** Database `fieldkey`, as its owner. */
  ownerConnectionString: string
  /** Database `postgres`, as superuser. */
  adminConnectionString: string
  /** A server was already running on this folder and is reused. */
  attached: boolean
  /** The folder of the data: in `folder`, except for root if other accounts cannot enter `folder`. */
  home: string
  /** Stops the server, unless another Fieldkey still uses it. */
  stop: () => Promise<void>
}

/**
 * Runs a real PostgreSQL on 127.0.0.1 with its data in `folder`. It survives crashes of Fieldkey: a server left
 * running is reused, a killed one recovers, and of several concurrent starts one wins.
 */
export async function startEmbeddedPostgres(options: Options): Promise<EmbeddedPostgres> {
  const { folder, port = 54329, settings = {}, log = () => {} } = options
  const bundle = findBundle()
  const dataDir = findDataDir(folder, bundle.major)
  const cluster = await openCluster(dataDir, await usablePrograms(bundle, dataDir))
  const { lock, attached } = await attachOrLaunch(cluster, { port, settings, log })
  await ensureDatabase(lock, cluster)
  let stopped: Promise<void> | undefined
  return {
    connectionString: url(cluster, lock.port, 'fieldkey_app', 'fieldkey'),
    ownerConnectionString: url(cluster, lock.port, 'fieldkey', 'fieldkey'),
    adminConnectionString: url(cluster, lock.port, 'postgres', 'postgres'),
    attached,
    home: cluster.home,
    stop: () => (stopped ??= stop(cluster, lock)),
  }
}

async function attachOrLaunch(
  cluster: Cluster,
  wanted: Launch,
): Promise<{ lock: SharedLock; attached: boolean }> {
  const deadline = Date.now() + 60_000
  while (Date.now() < deadline) {
    const running = await attach(cluster)
    if (running) return { lock: running, attached: true }
    const lock = await launch(cluster, wanted, deadline)
    if (lock) return { lock, attached: false }
    await sleep(100)
  }
  throw new Error(`The embedded database in ${cluster.home} neither answers nor allows another start.`)
}

async function stop(cluster: Cluster, lock: SharedLock) {
  const last = await release(cluster, lock)
  if (!last) return
  await shutDown(cluster)
  await last.client.end().catch(() => {})
}
