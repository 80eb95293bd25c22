import type { MiddlewareHandler } from 'hono'
import { createMiddleware } from 'hono/factory'
import { senderOf, type ServiceEnv } from './guard.ts'
import { Problem } from './problem.ts'

const WINDOW_MILLISECONDS = 60_000
const MOST_NETWORKS_REMEMBERED = 100_000

/** Lets so many requests be under way at once, and sends the rest away at once instead of making all of them wait. */
export function notTooManyAtOnce(most: number): MiddlewareHandler<ServiceEnv> {
  let underWay = 0
  return createMiddleware<ServiceEnv>(async (_context, next) => {
    if (underWay >= most) throw new Problem('BUSY', { headers: { 'Retry-After': '1' } })
    underWay += 1
    try {
      await next()
    } finally {
      underWay -= 1
    }
  })
}

/**
 * Lets one network ask so often a minute. Kept in memory, by each oracle for itself: a venue's whole crowd may come from
 * one address, so this only bars floods; what a coupon and its holder may try is counted in the store.
 */
export function notTooOften({
  perMinute,
  now,
}: {
  perMinute: number
  now: () => number
}): MiddlewareHandler<ServiceEnv> {
  let counts = new Map<string, number>()
  let endsAt = 0
  return createMiddleware<ServiceEnv>(async (context, next) => {
    const time = now()
    if (time >= endsAt || time < endsAt - WINDOW_MILLISECONDS) {
      counts = new Map()
      endsAt = time + WINDOW_MILLISECONDS
    }
    const network = senderOf(context)
    const count = (counts.get(network) ?? 0) + 1
    if (count > perMinute) {
      const seconds = Math.max(Math.ceil((endsAt - time) / 1000), 1)
      throw new Problem('RATE_LIMITED', { headers: { 'Retry-After': seconds.toString() } })
    }
    // Whoever owns more networks than that is not stopped by counting them.
    if (counts.size < MOST_NETWORKS_REMEMBERED || counts.has(network)) counts.set(network, count)
    await next()
  })
}
