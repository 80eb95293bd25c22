import {
  isSettled,
  redemptionRequestSchema,
  redemptionStatusSchema,
  type RedemptionStatus,
} from '@coupon-secure/protocol/wire-redemption'
import { readMessage } from '@coupon-secure/service/body'
import type { ServiceEnv } from '@coupon-secure/service/guard'
import { Problem } from '@coupon-secure/service/problem'
import { Hono } from 'hono'
import { streamSSE } from 'hono/streaming'
import type { Hex } from 'viem'
import { encode } from 'zod/mini'
import type { createDesk } from './desk.ts'
import type { Store } from './store.ts'
import type { Watch } from './watch.ts'

const RETRY_MILLISECONDS = 1_000
const LOOK_MILLISECONDS = 250
const HEARTBEAT_MILLISECONDS = 15_000
// Before a balancer's own patience ends; whoever watches comes back with the last event's id.
const LONGEST_STREAM_MILLISECONDS = 5 * 60_000

/** Redemptions: brought, asked after, and watched. */
export function redemptionRoutes({
  desk,
  store,
  watch,
  mostStreams,
  isStopping,
}: {
  desk: ReturnType<typeof createDesk>
  store: Pick<Store, 'status'>
  watch: Watch
  mostStreams: number
  isStopping: () => boolean
}): Hono<ServiceEnv> {
  const app = new Hono<ServiceEnv>()

  app.post('/', async (context) => {
    const request = await readMessage({
      request: context.req.raw,
      schema: redemptionRequestSchema,
    })
    const { isNew, status } = await desk(request)
    if (status.state === 'refused') {
      context.set('refusal', status.code)
      return context.json(told(status), 422)
    }
    context.set('outcome', isNew ? 'TAKEN_ON' : 'KNOWN')
    return context.json(told(status), isNew ? 201 : 200)
  })

  app.get('/:digest', async (context) =>
    context.json(told(await statusOf(context.req.param('digest')))),
  )

  app.get('/:digest/events', async (context) => {
    const status = await statusOf(context.req.param('digest'))
    const seen = seenIn(context.req.header('last-event-id'))
    // What an event source takes for "there is no more".
    if (isSettled(status) && status.version <= seen) return context.body(null, 204)
    if (watch.count() >= mostStreams) throw new Problem('BUSY', { headers: { 'Retry-After': '5' } })
    context.header('X-Accel-Buffering', 'no') // proxies that collect answers would keep events back

    return streamSSE(context, async (stream) => {
      const line = { isOver: false }
      let writing = stream.write(`retry: ${RETRY_MILLISECONDS}\n\n`)
      const end = watch.begin({
        digest: status.digest,
        version: seen,
        onChange: (changed) => {
          const event = { id: changed.version.toString(), data: JSON.stringify(told(changed)) }
          writing = writing.then(() => stream.writeSSE(event)).then(() => stream)
          if (isSettled(changed)) line.isOver = true
        },
      })
      stream.onAbort(() => {
        line.isOver = true
      })
      const begun = Date.now()
      let heardAt = begun
      while (!line.isOver && !isStopping() && Date.now() - begun < LONGEST_STREAM_MILLISECONDS) {
        await stream.sleep(LOOK_MILLISECONDS)
        if (Date.now() - heardAt < HEARTBEAT_MILLISECONDS) continue
        heardAt = Date.now()
        writing = writing.then(() => stream.write(':\n\n')) // a comment, so that nobody cuts the line
      }
      end()
      await writing
    })
  })

  return app

  async function statusOf(digest: string): Promise<RedemptionStatus> {
    const status = await store.status(digestIn(digest))
    if (!status) throw new Problem('REDEMPTION_UNKNOWN')
    return status
  }
}

function told(status: RedemptionStatus) {
  return encode(redemptionStatusSchema, status)
}

function digestIn(parameter: string): Hex {
  if (!/^0x[0-9a-fA-F]{64}$/.test(parameter)) throw new Problem('REDEMPTION_UNKNOWN')
  return `0x${parameter.slice(2).toLowerCase()}`
}

/** The last event that was seen; none where whatever was said is none of ours. */
function seenIn(id: string | undefined): number {
  return id !== undefined && /^\d{1,9}$/.test(id) ? Number(id) : -1
}
