import { createMiddleware } from 'hono/factory'
import { routePath } from 'hono/route'
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'
import { ChainUnavailableError, ClockWrongError, StoreUnavailableError } from './errors.ts'
import type { ServiceEnv } from './guard.ts'
import { problemOf } from './problem.ts'

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** What a service counts. No label ever names a person, a coupon, a book, a network or a place. */
export type Metrics = ReturnType<typeof createMetrics>

/** Counters of one app; `ofProcess` adds those of the whole process (memory, event loop, garbage collection). */
export function createMetrics({
  service,
  ofProcess = false,
}: {
  /** What all names begin with. */
  service: string
  ofProcess?: boolean
}) {
  const registry = new Registry()
  const registers = [registry]
  if (ofProcess) collectDefaultMetrics({ register: registry })

  const answers = new Counter({
    name: `${service}_answers_total`,
    help: 'Answers by route, method, status and code.',
    labelNames: ['route', 'method', 'status', 'code'] as const,
    registers,
  })
  const answering = new Histogram({
    name: `${service}_answer_seconds`,
    help: 'How long an answer took.',
    labelNames: ['route'] as const,
    buckets: SECONDS,
    registers,
  })
  const underWay = new Gauge({
    name: `${service}_requests_under_way`,
    help: 'Requests that are not answered yet.',
    registers,
  })
  const asking = new Histogram({
    name: `${service}_dependency_seconds`,
    help: 'How long the chain or the database took to answer, by what was asked.',
    labelNames: ['dependency', 'asked'] as const,
    buckets: SECONDS,
    registers,
  })
  const failures = new Counter({
    name: `${service}_dependency_failures_total`,
    help: 'What the chain or the database could not be relied on for.',
    labelNames: ['dependency', 'failing'] as const,
    registers,
  })

  return {
    /** For what a service counts besides. */
    registers,

    /** All of it, as Prometheus reads it. */
    text: () => registry.metrics(),
    contentType: registry.contentType,

    /** Counts each request when it is answered. */
    counted: createMiddleware<ServiceEnv>(async (context, next) => {
      underWay.inc()
      const end = answering.startTimer()
      await next()
      underWay.dec()
      // As it is written in the program: what a path says of anybody never becomes a label.
      const route = routePath(context, -1)
      end({ route })
      const { error, res: response } = context
      const refusal = error ? problemOf(error).code : context.get('refusal')
      const code = refusal ?? context.get('outcome') ?? 'OK'
      answers.inc({ route, method: context.req.method, status: response.status, code })
    }),

    /** The same dependency, with its answers' times and its failures counted. */
    measured: <dependency extends object>(
      of: 'chain' | 'database',
      dependency: dependency,
    ): dependency =>
      new Proxy(dependency, {
        get: (target, asked): unknown => {
          const value: unknown = Reflect.get(target, asked)
          if (typeof value !== 'function') return value
          return async (...given: unknown[]): Promise<unknown> => {
            const end = asking.startTimer({ dependency: of, asked: String(asked) })
            try {
              return await Reflect.apply(value, target, given)
            } catch (error) {
              failures.inc({ dependency: of, failing: failingOf(error) })
              throw error
            } finally {
              end()
            }
          }
        },
      }),
  }
}

function failingOf(error: unknown): string {
  if (error instanceof ChainUnavailableError) return error.failing
  if (error instanceof ClockWrongError) return 'clock'
  return error instanceof StoreUnavailableError ? 'database' : 'unknown'
}
