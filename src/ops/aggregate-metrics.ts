import cluster, { type Worker } from 'node:cluster'
import { once } from 'node:events'
import { AggregatorRegistry, type Registry } from 'prom-client'

const question = 'fieldkey: metrics?'

/** What this process tells; of several that answer at one address, what they tell together. */
export function reportMetrics(registry: Registry): () => Promise<string> {
  if (!cluster.isWorker) return () => registry.metrics()
  new AggregatorRegistry() // listens
  AggregatorRegistry.setRegistries([registry])
  return requestFromPrimary
}

async function requestFromPrimary(): Promise<string> {
  process.send?.(question, goneMeanwhile)
  for (;;) {
    const [answer] = (await once(process, 'message')) as [unknown]
    if (isAnswer(answer)) return answer.metrics
  }
}

/** The first process answers nobody but those that do, when they ask for the metrics of all. */
export function aggregateMetrics(one: Worker) {
  one.on('message', (message) => {
    if (message !== question) return
    all ??= new AggregatorRegistry()
    // One that dies while it is asked leaves the others without an answer: better none than half of it.
    void all
      .clusterMetrics()
      .catch(() => '')
      .then((metrics) => one.send({ metrics }, goneMeanwhile))
  })
}
/** With a listener of its own, a message to a process that has ended is no fault of the one that sends it. */
const goneMeanwhile = () => {}
let all: AggregatorRegistry<typeof AggregatorRegistry.PROMETHEUS_CONTENT_TYPE> | undefined

const isAnswer = (answer: unknown): answer is { metrics: string } =>
  typeof answer === 'object' && answer !== null && 'metrics' in answer
