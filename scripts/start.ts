import { parseArgs } from 'node:util'
import { fromE7 } from '@coupon-secure/protocol/geofence'
import { endChildren } from './children.ts'
import { demoGeofence, demoKey } from './demo-files.ts'
import { MEALS } from './demo-plan.ts'
import { makeDemo, type Demo } from './demo.ts'
import { localDeployment } from './deploy.ts'
import { localFolder } from './folders.ts'
import { localAccount } from './local-chain.ts'
import { startWorld, type World } from './local-world.ts'

const SHOWN_ATTENDEES = 3
const ECHO_MS = 1_000 // one ctrl-C may arrive twice: from the terminal, and forwarded by npm

/** Starts everything, makes the demo book, says so, and stays until somebody or something ends it. */
export async function start({ isWatching }: { isWatching: boolean }): Promise<void> {
  const { values } = parseArgs({ options: { fresh: { type: 'boolean', default: false } } })
  const stop = stopOnSignal()
  try {
    const world = await startWorld({
      folder: localFolder,
      say,
      isFresh: values.fresh,
      isWatching,
      deviceAt: process.env.HYPERTRACK_REHEARSAL === '1' ? insideFirstSite() : undefined,
      mapStyleUrl: process.env.MAP_STYLE_URL,
      walletConnect: {
        projectId: process.env.WALLETCONNECT_PROJECT_ID,
        relayUrl: process.env.WALLETCONNECT_RELAY_URL,
      },
      ...(isWatching ? { onLine: say } : {}),
    })
    stop.andThen(world.end)
    const { rpcUrl } = world.chain
    const now = unixNow()
    const demo = await makeDemo({ rpcUrl, oracleUrl: world.oracle.url, now, say })
    say(summary({ world, demo, now, isWatching }))

    const dead = await world.death
    if (stop.isAsked()) return
    const words = dead.lastLines().join('\n')
    await world.end()
    throw new Error(`${dead.name} has ended unexpectedly. Its last lines:\n${words}`)
  } catch (error) {
    if (stop.isAsked()) return // whatever fails now fails because it was told to end
    await endChildren()
    console.error(error instanceof Error ? error.message : error)
    process.exit(1)
  }
}

/** Ends everything in order at the first signal, and at once at the second. */
function stopOnSignal() {
  let askedAt: number | undefined
  let andThen = () => endChildren()
  const onSignal = () => {
    if (askedAt !== undefined) {
      if (Date.now() - askedAt > ECHO_MS) process.exit(130) // the children are taken along
      return
    }
    askedAt = Date.now()
    say('\nStopping …')
    void andThen().then(() => process.exit(0))
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal)
  return {
    isAsked: () => askedAt !== undefined,
    andThen: (end: () => Promise<void>) => {
      andThen = end
    },
  }
}

function summary({
  world: { web, oracle, relayer, indexer, chain },
  demo: { book, campaigns, holders },
  now,
  isWatching,
}: {
  world: World
  demo: Demo
  now: number
  isWatching: boolean
}): string {
  const { factory, implementation } = localDeployment()
  const organiser = localAccount(0)
  const meals = campaigns.map(({ name, opensAt, closesAt }) => {
    const [opens, closes] = [timeOf(opensAt), timeOf(closesAt)]
    if (now >= closesAt) return `  ${name.padEnd(12)} over since ${closes}`
    return now < opensAt
      ? `  ${name.padEnd(12)} opens ${opens}, until ${closes}`
      : `  ${name.padEnd(12)} open until ${closes}`
  })
  const isOver = campaigns.every(({ closesAt }) => now >= closesAt)
  const attendees = holders.slice(0, SHOWN_ATTENDEES).map((holder, index) => {
    const name = `Attendee ${String(index + 1).padStart(3, '0')}`
    return `  ${name.padEnd(12)} ${holder}  key ${demoKey(index + 1)}`
  })
  return [
    '',
    `Coupon Secure runs${isWatching ? ', and reloads when its sources change' : ''}.`,
    '',
    `  Open         ${web.url}`,
    `  Organise     ${web.url}/organise/${book}`,
    `  Redeem       ${web.url}/redeem/${book}`,
    `  Audit        ${web.url}/audit/${book}`,
    '',
    `  Oracle       ${oracle.url}`,
    `  Relayer      ${relayer.url}`,
    `  Indexer      ${indexer.url}/graphql`,
    `  Chain        ${chain.rpcUrl}  (chain id 31337)`,
    `  Factory      ${factory}`,
    `  Code         ${implementation}`,
    `  Demo book    ${book}`,
    '',
    `The demo book, with ${holders.length} coupons for each meal:`,
    ...meals,
    ...(isOver ? ['  All over. For a new chain and new meals: npm start -- --fresh'] : []),
    '',
    'Demo accounts (public keys of a chain that is on this machine alone; the web app offers them too):',
    `  Organiser    ${organiser.address}  key ${organiser.privateKey}`,
    ...attendees,
    `  … to ${String(holders.length).padStart(3, '0')}, all funded: demo/attendees.csv`,
    '',
    'Everything is kept in .local. Ctrl-C stops it; the next start finds all as it was.',
  ].join('\n')
}

/** The middle of the demo's first site's corners, which lies inside it. */
function insideFirstSite(): { longitude: number; latitude: number } {
  const corners = demoGeofence(MEALS[0]).sites[0]?.rings[0] ?? []
  const middle = (of: 'longitudeE7' | 'latitudeE7') =>
    fromE7(corners.reduce((sum, corner) => sum + corner[of], 0) / corners.length)
  return { longitude: middle('longitudeE7'), latitude: middle('latitudeE7') }
}

function timeOf(seconds: bigint): string {
  return new Date(Number(seconds) * 1000).toLocaleString('en-GB', {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'short',
  })
}

function unixNow(): number {
  return Math.floor(Date.now() / 1000)
}

function say(line: string): void {
  console.log(line)
}

if (import.meta.main) await start({ isWatching: false })
