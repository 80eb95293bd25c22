import { consistencyRanges, inclusionRanges } from '@coupon-secure/protocol/merkle-log'
import {
  consistencyQuerySchema,
  entriesQuerySchema,
  inclusionQuerySchema,
  MOST_ENTRIES,
  type ConsistencyAnswer,
  type EntriesAnswer,
  type InclusionAnswer,
} from '@coupon-secure/protocol/wire-log'
import { Hono } from 'hono'
import type { Hex } from 'viem'
import type { AppendLog } from './append-log.ts'
import type { ServiceEnv } from '@coupon-secure/service/guard'
import { Problem } from '@coupon-secure/service/problem'
import { readQuery } from './query.ts'
import type { LogStore } from './store-log.ts'

/** What anybody may ask of the log, to check that nothing in it was changed, removed or kept back. */
export function logRoutes({ log, store }: { log: AppendLog; store: LogStore }): Hono<ServiceEnv> {
  const app = new Hono<ServiceEnv>()

  app.get('/', async (context) => context.json(await log.head()))

  app.get('/inclusion', async (context) => {
    const asked = readQuery({ request: context.req.raw, schema: inclusionQuerySchema })
    const size = await sizeFor(asked.size)
    const index = await placeOf(asked)
    const [entry] = index < size ? await store.logEntries({ from: index, to: index + 1 }) : []
    if (!entry) throw new Problem('LOG_ENTRY_UNKNOWN')
    const proof = await log.hashesOf(inclusionRanges({ index, size }))
    return context.json({ ...entry, index, size, proof } satisfies InclusionAnswer)
  })

  app.get('/consistency', async (context) => {
    const { first, second } = readQuery({
      request: context.req.raw,
      schema: consistencyQuerySchema,
    })
    await sizeFor(second)
    if (first > second) throw new Problem('NUMBER_INVALID', { field: 'first' })
    const proof = await log.hashesOf(consistencyRanges({ first, second }))
    return context.json({ first, second, proof } satisfies ConsistencyAnswer)
  })

  app.get('/entries', async (context) => {
    const { from, to } = readQuery({ request: context.req.raw, schema: entriesQuerySchema })
    if (from > to) throw new Problem('NUMBER_INVALID', { field: 'from' })
    const entries = await store.logEntries({ from, to: Math.min(to, from + MOST_ENTRIES) })
    return context.json({ from, entries } satisfies EntriesAnswer)
  })

  return app

  async function placeOf({
    digest,
    index,
  }: {
    digest?: Hex | undefined
    index?: number | undefined
  }) {
    if ((digest === undefined) === (index === undefined)) {
      throw new Problem(digest === undefined ? 'FIELD_MISSING' : 'FIELD_INVALID', {
        field: 'digest',
      })
    }
    const place = index ?? (digest && (await store.findInLog(digest)))
    if (place === undefined) throw new Problem('LOG_ENTRY_UNKNOWN')
    return place
  }

  async function sizeFor(asked: number | undefined): Promise<number> {
    const size = await store.logSize()
    if (asked !== undefined && asked > size) throw new Problem('LOG_TOO_SHORT')
    return asked ?? size
  }
}
