import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { couponBookAbi } from '@coupon-secure/protocol/abi'
import {
  redemptionStatusSchema,
  type RedemptionStatus,
} from '@coupon-secure/protocol/wire-redemption'
import type { Hex } from 'viem'
import { privateKeyToAddress } from 'viem/accounts'
import { freePort } from '../../scripts/ports.ts'
import { CHAIN_ID, FACTORY, openBook, type World } from './rehearsal.ts'

// kill -9 under load, again and again; for kill.test.ts and npm run test:kill -- --of relayer.

const PHONES = 4
const COUPONS_OF_BOOK = 250
const LOAD_MILLISECONDS = { least: 100, most: 600 } as const
const LONGEST_START_MILLISECONDS = 180_000 // two cores under load say nothing about the code
const LONGEST_END_MILLISECONDS = 120_000
const FIRST_PORT = 19_788

/** What came of it. Whatever should not be was thrown. */
export type KillReport = {
  kills: number
  /** Redemptions that the relayer said it took on, or knew. */
  takenOn: number
  /** Requests that were under way when the relayer died, and were brought again. */
  cutOff: number
  /** Coupons that the chain says were redeemed: each once. */
  redeemed: number
  /** Transactions of the keys in the chain. */
  transactions: number
}

type Victim = { child: ChildProcess; url: string }
type Book = Awaited<ReturnType<typeof openBook>>
type Taken = { digest: Hex; coupon: string; book: Book }

/** Kills a relayer under load so many times, one of `relayers` that share a database and all keys, and checks that nothing was lost or sent twice. */
export async function killAgainAndAgain({
  world,
  keys,
  times,
  relayers,
  database,
  onKill = () => undefined,
}: {
  world: World
  keys: readonly Hex[]
  times: number
  relayers: number
  database: { DATABASE_URL: string } | { DATA_DIR: string }
  onKill?: (kills: number) => void
}): Promise<KillReport> {
  const books: Promise<Book>[] = []
  const taken: Taken[] = []
  let [kills, cutOff, seats] = [0, 0, 0]
  const over = new AbortController()
  const isOver = () => over.signal.aborted
  const begin = () => start({ world, keys, database })
  const victims = await Promise.all(Array.from({ length: relayers }, begin))

  const nextCoupon = async (): Promise<{ book: Book; seat: number }> => {
    const [index, seat] = [Math.floor(seats / COUPONS_OF_BOOK), seats % COUPONS_OF_BOOK]
    seats += 1
    books[index] ??= openBook(world, { coupons: COUPONS_OF_BOOK })
    return { book: await books[index], seat }
  }

  const phone = async (number: number) => {
    while (!isOver()) {
      const { book, seat } = await nextCoupon()
      const body = await book.signed({ seat })
      // Whoever is cut off brings the very same again, as a holder's page does.
      for (;;) {
        const victim = victims[number % victims.length]
        const status = victim && (await bring({ url: victim.url, body }))
        if (status) {
          if (status.state === 'refused') throw new Error(`refused: ${status.code}`)
          taken.push({ digest: status.digest, coupon: `${body.campaignId} ${body.serial}`, book })
          break
        }
        cutOff += 1
        await sleep(50)
      }
      await sleep(Math.random() * 100)
    }
  }
  const killer = async () => {
    while (kills < times && !isOver()) {
      const { least, most } = LOAD_MILLISECONDS
      await sleep(least + Math.random() * (most - least))
      const at = Math.floor(Math.random() * victims.length)
      const victim = victims[at]
      if (!victim) throw new Error('nobody is left')
      victim.child.kill('SIGKILL')
      await once(victim.child, 'exit')
      victims[at] = await begin()
      if (isOver()) victims[at].child.kill('SIGKILL') // somebody has found a fault meanwhile
      kills += 1
      onKill(kills)
    }
    over.abort()
  }

  try {
    const phones = Array.from({ length: PHONES }, (_, number) => phone(number))
    await Promise.all([killer(), ...phones])
    const [last] = victims
    if (!last) throw new Error('nobody is left')
    for (const { digest } of taken) await untilFinal({ url: last.url, digest })
    const opened = await Promise.all(books)
    const { redeemed } = await compare({ world, books: opened, taken })
    const transactions = await countOf({ world, keys, books: opened })
    return { kills, takenOn: taken.length, cutOff, redeemed, transactions }
  } finally {
    over.abort()
    for (const { child } of victims) child.kill('SIGKILL')
  }
}

/** Nothing lost: all that was taken on is in the chain. Nothing sent twice: each once, and the books refused nothing. */
async function compare({
  world,
  books,
  taken,
}: {
  world: World
  books: readonly Book[]
  taken: readonly Taken[]
}): Promise<{ redeemed: number }> {
  let redeemed = 0
  for (const book of books) {
    const times = await book.redeemed()
    for (const { coupon } of taken.filter((one) => one.book === book)) {
      if (times.get(coupon) !== 1) throw new Error(`coupon ${coupon} was lost`)
    }
    for (const [coupon, count] of times) {
      if (count !== 1) throw new Error(`coupon ${coupon} was used ${count} times`)
    }
    const refused = await world.client.getContractEvents({
      address: book.book,
      abi: couponBookAbi,
      eventName: 'RedemptionRefused',
      fromBlock: 0n,
    })
    if (refused.length > 0) throw new Error(`${refused.length} were sent twice`)
    redeemed += times.size
  }
  return { redeemed }
}

/** How many transactions the keys have in the chain: every nonce is that of a call of a book which did something. */
async function countOf({
  world: { client },
  keys,
  books,
}: {
  world: World
  keys: readonly Hex[]
  books: readonly Book[]
}): Promise<number> {
  const counted = await Promise.all(
    keys.map((key) => client.getTransactionCount({ address: privateKeyToAddress(key) })),
  )
  const sent = counted.reduce((sum, count) => sum + count, 0)
  const seen = new Set<Hex>()
  for (const { book } of books) {
    const logs = await client.getContractEvents({
      address: book,
      abi: couponBookAbi,
      eventName: 'CouponRedeemed',
      fromBlock: 0n,
    })
    for (const { transactionHash } of logs) seen.add(transactionHash)
  }
  if (seen.size !== sent) throw new Error(`${sent} were sent and ${seen.size} did something`)
  return sent
}

/** What the relayer says to it; undefined where it died meanwhile. */
async function bring({
  url,
  body,
}: {
  url: string
  body: object
}): Promise<RedemptionStatus | undefined> {
  const answer = await fetch(`${url}/v1/redemptions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(20_000),
  })
    .then(async (response) => ({
      status: response.status,
      json: await response.json(),
    }))
    .catch(() => undefined)
  if (!answer) return undefined
  const read = redemptionStatusSchema.safeParse(answer.json)
  if (!read.success) throw new Error(`${answer.status}: ${JSON.stringify(answer.json)}`)
  return read.data
}

async function untilFinal({ url, digest }: { url: string; digest: Hex }): Promise<void> {
  let state = 'unknown'
  for (const until = Date.now() + LONGEST_END_MILLISECONDS; Date.now() < until; await sleep(50)) {
    const response = await fetch(`${url}/v1/redemptions/${digest}`)
    ;({ state } = redemptionStatusSchema.parse(await response.json()))
    if (state === 'final') return
    if (state === 'refused') break
  }
  throw new Error(`a redemption that was taken on is ${state} at the end`)
}

async function start({
  world,
  keys,
  database,
}: {
  world: World
  keys: readonly Hex[]
  database: Record<string, string>
}): Promise<Victim> {
  const port = await nextPort()
  const program = fileURLToPath(new URL('main.ts', import.meta.url))
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', program], {
    env: {
      PATH: process.env.PATH,
      PORT: port.toString(),
      RPC_URL: world.rpcUrl,
      CHAIN_ID: CHAIN_ID.toString(),
      FACTORY_ADDRESS: FACTORY,
      MAX_HEAD_AGE_SECONDS: '0',
      RELAYER_KEY: keys.join(),
      BATCH_MILLISECONDS: '50',
      FINAL_AFTER_BLOCKS: '0',
      LEASE_MILLISECONDS: '1000',
      DAILY_BUDGET_ETHER: '1000',
      MOST_REQUESTS_PER_NETWORK_AND_MINUTE: '1000000',
      LOG_LEVEL: 'warn',
      ...database,
    },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const url = `http://127.0.0.1:${port}`
  for (const until = Date.now() + LONGEST_START_MILLISECONDS; Date.now() < until; await sleep(30)) {
    if (child.exitCode !== null) break
    const isThere = await fetch(`${url}/healthz`).then(
      ({ ok }) => ok,
      () => false,
    )
    if (isThere) return { child, url }
  }
  child.kill('SIGKILL')
  throw new Error('the relayer does not start')
}

let last = FIRST_PORT

/** Each its own, so that nobody waits for the port of one that was killed. */
async function nextPort(): Promise<number> {
  last = await freePort({ first: last + 1 })
  return last
}
