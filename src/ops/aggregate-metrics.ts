import cluster, { type Worker } from 'node:cluster'
import { once } from 'node:events'
import { AggregatorRegistry, type Registry } from 'prom-client'

const request = 'fieldkey: metrics?'

/** The metrics of this process; where several answer at one address, those of all of them together. */
export function reportMetrics(registry: Registry): () => Promise<string> {
  if (!cluster.isWorker) return () => registry.metrics()
  new AggregatorRegistry() // its constructor starts listening
  AggregatorRegistry.setRegistries([registry])
  return requestFromPrimary
}

async function requestFromPrimary(): Promise<string> {
  process.send?.(request, ignoreEnded)
  for (;;) {
    const [answer] = (await once(process, 'message')) as [unknown]
    if (isAnswer(answer)) return answer.metrics
  }
}

/** The primary process answers no browser. It gives the processes that do the metrics of all. */
export function aggregateMetrics(one: Worker) {
  one.on('message', (message) => {
    if (message !== request) return
    all ??= new AggregatorRegistry()
    // If one process ends while it is asked, the answer is empty: none is better than half of it.
    void all
      .clusterMetrics()
      .catch(() => '')
      .then((metrics) => one.send({ metrics }, ignoreEnded))
  })
}
/** The callback keeps a message to a process that has ended from becoming a fault of the sender. */
const ignoreEnded = () => {}
let all: AggregatorRegistry<typeof AggregatorRegistry.PROMETHEUS_CONTENT_TYPE> | undefined

const isAnswer = (answer: unknown): answer is { metrics: string } =>
  typeof answer === 'object' && answer !== null && 'metrics' in answer
