import { Server } from 'node:http'
import { Server as NetServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { createAdaptorServer } from '@hono/node-server'
import type { Hono } from 'hono'
import type { ServiceEnv } from './guard.ts'
import { networkOf, type Proxies } from './network.ts'

const LOOK_EVERY_MILLISECONDS = 50
// How long a request may take from a connection's beginning to us.
const ON_ITS_WAY_MILLISECONDS = 500

const underWay = new WeakMap<Server, number>()

/** How long a client may take, in milliseconds. */
export type Patience = { headers: number; request: number; idle: number }

const usualPatience: Patience = { headers: 10_000, request: 15_000, idle: 5_000 }

/** An HTTP server over an app; it does not wait for whoever is slow, and knows the sender behind trusted proxies. */
export function createServer({
  app,
  proxies,
  isStopping,
  patience = usualPatience,
}: {
  app: Pick<Hono<ServiceEnv>, 'fetch'>
  proxies: Proxies
  isStopping: () => boolean
  patience?: Patience
}): Server {
  const server = createAdaptorServer({
    fetch: async (request, { incoming }) => {
      const sender = networkOf({
        peer: incoming.socket.remoteAddress,
        forwardedFor: request.headers.get('x-forwarded-for') ?? undefined,
        proxies,
      })
      const response = await app.fetch(request, { sender })
      // Whoever has an answer with this opens a new connection next time: to another process.
      if (isStopping()) response.headers.set('Connection', 'close')
      return response
    },
    serverOptions: {
      maxHeaderSize: 16 * 1024,
      headersTimeout: patience.headers,
      requestTimeout: patience.request,
      keepAliveTimeout: patience.idle,
      connectionsCheckingInterval: Math.min(1_000, patience.headers),
    },
  })
  if (!(server instanceof Server)) throw new TypeError('this is no HTTP/1 server')
  countUnderWay(server)
  return server
}

/**
 * Ends a server without cutting anybody off: for `drain` milliseconds it goes on as before, while answers close their
 * connections and /readyz tells the balancer; then it takes no new connections and answers what is under way.
 */
export async function takeLeave({
  server,
  drain,
}: {
  server: Server
  drain: number
}): Promise<void> {
  await sleep(drain)
  const isClosed = new Promise<void>((resolve) => server.once('close', resolve))
  // Not the HTTP server's own close, which also cuts connections whose request is still on its way.
  NetServer.prototype.close.call(server)
  await Promise.race([isClosed, sleep(ON_ITS_WAY_MILLISECONDS)])
  const cutIdle = () => {
    server.closeIdleConnections()
    if (underWayAt(server) === 0) server.closeAllConnections() // those that never asked
  }
  const cutting = setInterval(cutIdle, LOOK_EVERY_MILLISECONDS)
  cutIdle()
  await isClosed
  clearInterval(cutting)
}

function countUnderWay(server: Server): void {
  server.on('request', (_request, response) => {
    underWay.set(server, underWayAt(server) + 1)
    response.once('close', () => underWay.set(server, underWayAt(server) - 1))
  })
}

function underWayAt(server: Server): number {
  return underWay.get(server) ?? 0
}
