import { serve } from '@hono/node-server'
import { messHall, openTerms, rehearse } from './rehearsal.ts'
import { openLocalStore, openPostgresStore } from './store.ts'

// An oracle over the tests' chain, in a process of its own that may be killed: rehearsal-kill.ts starts it.

const { DATABASE_URL, DATA_DIR } = process.env
const store = DATABASE_URL
  ? await openPostgresStore({ url: DATABASE_URL })
  : await openLocalStore(DATA_DIR ? { folder: DATA_DIR } : {})
const rehearsal = await rehearse({
  store,
  now: Date.now,
  mostPerNetworkAndMinute: 1_000_000,
})
rehearsal.says.terms = { ...openTerms, opensAt: 0n, closesAt: 2n ** 40n }
await rehearsal.post({ path: '/v1/geofences', body: messHall })
serve({ fetch: rehearsal.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) => {
  process.stdout.write(`${port}\n`)
})
