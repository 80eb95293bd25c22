import { createHash, timingSafeEqual } from 'node:crypto'
import { Hono } from 'hono'
import type { Logger } from 'pino'
import { readText } from '@coupon-secure/service/body'
import type { ServiceEnv } from '@coupon-secure/service/guard'
import type { HyperTrack } from './hypertrack.ts'
import { parseJson } from '@coupon-secure/service/json'
import { Problem } from '@coupon-secure/service/problem'

const MOST_EVENTS = 1_000

/**
 * POST /v1/hypertrack/webhooks/:token, which HyperTrack calls. The token is ours: it keeps strangers out, as the signature would
 * if its algorithm were published. What comes in is a hint all the same.
 */
export function hyperTrackRoutes({
  hyperTrack,
  webhookToken,
  logger,
}: {
  hyperTrack: HyperTrack | undefined
  webhookToken: string | undefined
  logger: Logger
}): Hono<ServiceEnv> {
  const routes = new Hono<ServiceEnv>()
  if (hyperTrack === undefined || webhookToken === undefined) return routes

  routes.post('/v1/hypertrack/webhooks/:token', async (context) => {
    if (!isSame(context.req.param('token'), webhookToken)) throw new Problem('NOT_FOUND')
    const text = await readText(context.req.raw)
    if (text.trimStart().startsWith('<')) {
      // The first contact. The address in it is not ours to follow: a person confirms it in HyperTrack's dashboard.
      logger.warn('a webhook of HyperTrack waits to be confirmed')
      return context.body(null, 204)
    }
    const parsed = parseJson(text)
    if (!parsed.ok) throw new Problem('JSON_INVALID')
    if (!Array.isArray(parsed.value)) throw new Problem('FIELD_INVALID')
    const events: unknown[] = parsed.value.slice(0, MOST_EVENTS)
    const messageId = context.req.header('x-amz-sns-message-id') ?? digestOf(text).toString('hex')
    hyperTrack.hear({ messageId, events })
    return context.body(null, 204)
  })

  return routes
}

function isSame(one: string, other: string): boolean {
  return timingSafeEqual(digestOf(one), digestOf(other))
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
