import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { leafOfEntry, type LogEntry } from '@coupon-secure/protocol/log-entry'
import { grown, isConsistent, joined } from '@coupon-secure/protocol/merkle-log'
import { hashPresence } from '@coupon-secure/protocol/presence'
import { challengeAnswerSchema, grantSchema } from '@coupon-secure/protocol/wire'
import {
  consistencyAnswerSchema,
  entriesAnswerSchema,
  logHeadAnswerSchema,
  type LogHeadAnswer,
} from '@coupon-secure/protocol/wire-log'
import type { Hex } from 'viem'
import {
  book,
  browserAt,
  CHAIN_ID,
  claimOf,
  freshCoupon,
  insidePosition,
  signedByHolder,
} from './rehearsal.ts'

// kill -9 under load, again and again; for kill.test.ts and npm run test:kill.

const PHONES = 6
const LOAD_MILLISECONDS = { least: 100, most: 500 } as const
const LONGEST_START_MILLISECONDS = 180_000 // two cores under load say nothing about the code
const MOST_REPLAYED = 12

/** What came of it. Whatever should not be was thrown. */
export type KillReport = {
  kills: number
  /** Claims that were answered with a statement. */
  granted: number
  /** Claims that were under way when the oracle died; of those, how many entries the log has of them. */
  cutOff: number
  writtenAndCutOff: number
  /** Claims that were sent again after they were answered, and refused each time. */
  replaysRefused: number
  /** Claims that were cut off, unused, and granted when they were sent again. */
  grantedLater: number
  entries: number
}

type Victim = { child: ChildProcess; url: string }
type Claim = { body: object; book: Hex }
type Promised = { claim: Claim; digest: Hex; index: number }

/** Kills an oracle under load so many times, one of `oracles` that share a database, and checks after each what must hold. */
export async function killAgainAndAgain({
  times,
  oracles,
  database,
  atLeast = 0,
  onKill = () => undefined,
}: {
  times: number
  oracles: number
  database: { DATABASE_URL: string } | { DATA_DIR: string }
  /** How many claims must be granted before a kill; on a machine that has no time for us there might be none. */
  atLeast?: number
  onKill?: (kills: number) => void
}): Promise<KillReport> {
  const report = {
    kills: 0,
    granted: 0,
    cutOff: 0,
    writtenAndCutOff: 0,
    replaysRefused: 0,
    grantedLater: 0,
    entries: 0,
  }
  const log: LogEntry[] = []
  let head: LogHeadAnswer | undefined
  const victims = await Promise.all(Array.from({ length: oracles }, () => start(database)))

  try {
    while (report.kills < times) {
      const { promised, cutOff, heads } = await loadAndKill({ victims, atLeast })
      const dead = victims.findIndex(({ child }) => child.killed)
      victims[dead] = await start(database)
      const { url } = victims[dead]
      report.kills += 1
      report.granted += promised.length
      report.cutOff += cutOff.length

      // Nothing lost: each head leads to the next, and every answer is where it said it was.
      for (const next of [...heads, await headOf(url)]) {
        await expectGrown({ url, from: head, to: next })
        head = next
      }
      const known = log.length
      log.push(...(await entriesOf({ url, from: known, to: head?.size ?? 0 })))
      for (const { digest, index } of promised) {
        if (log[index]?.digest !== digest) throw new Error(`entry ${index} was lost`)
      }

      // Nothing used twice: what was answered is refused, and what was written is as good as answered.
      const written = log.length - known - promised.length
      report.writtenAndCutOff += written
      for (const { claim } of promised.slice(-MOST_REPLAYED)) {
        for (const victim of victims) await expectUsed({ url: victim.url, claim })
        report.replaysRefused += victims.length
      }
      let later = 0
      for (const claim of cutOff) {
        const response = await post({ url, path: '/v1/presence', body: claim.body })
        if (response.status === 200) later += 1
        await expectUsed({ url, claim })
      }
      report.grantedLater += later
      if (written < 0 || later + written > cutOff.length) {
        throw new Error(`of ${cutOff.length} claims ${written} were written and ${later} granted`)
      }
      log.push(...(await entriesOf({ url, from: log.length, to: log.length + later })))
      onKill(report.kills)
    }

    const [last] = victims
    if (!last) throw new Error('nobody is left')
    const end = await headOf(last.url)
    const { peaks } = grown({ size: 0, peaks: [], leaves: log.map(leafOfEntry) })
    if (end.size !== log.length || end.root !== joined(peaks)) {
      throw new Error('the head is not of these entries')
    }
    if (new Set(log.map(({ digest }) => digest)).size !== log.length) {
      throw new Error('an entry is in the log twice')
    }
    return { ...report, entries: log.length }
  } finally {
    for (const { child } of victims) child.kill('SIGKILL')
  }
}

/** Phones that claim and claim, until one of the oracles is dead. */
async function loadAndKill({
  victims,
  atLeast,
}: {
  victims: readonly Victim[]
  atLeast: number
}): Promise<{
  promised: Promised[]
  cutOff: Claim[]
  heads: LogHeadAnswer[]
}> {
  const promised: Promised[] = []
  const cutOff: Claim[] = []
  const heads: LogHeadAnswer[] = []
  const one = victims[Math.floor(Math.random() * victims.length)]
  if (!one) throw new Error('nobody is left')
  const isOver = () => one.child.killed

  const phone = async (victim: Victim) => {
    while (!isOver()) {
      // Before the claim is sent nothing is at stake.
      const claim = await claimTo(victim.url).catch(() => undefined)
      if (!claim) continue
      try {
        const response = await post({ url: victim.url, path: '/v1/presence', body: claim.body })
        const text = await response.text()
        if (response.status !== 200) throw new Error(`not granted: ${text}`)
        const { presence, logged } = grantSchema.parse(JSON.parse(text))
        const digest = hashPresence({ chainId: CHAIN_ID, book: claim.book, presence })
        promised.push({ claim, digest, index: logged.index })
      } catch (error) {
        if (!isOver() || victim !== one) throw error
        cutOff.push(claim)
      }
    }
  }
  const onlooker = async () => {
    while (!isOver()) {
      const head = await headOf(one.url).catch(() => undefined)
      if (head) heads.push(head)
      await sleep(40)
    }
  }
  const killer = async () => {
    const { least, most } = LOAD_MILLISECONDS
    await sleep(least + Math.random() * (most - least))
    while (promised.length < atLeast) await sleep(least)
    one.child.kill('SIGKILL')
    await once(one.child, 'exit')
  }
  const phones = Array.from({ length: PHONES }, (_, at) => victims[at % victims.length] ?? one)
  await Promise.all([...phones.map(phone), onlooker(), killer()])
  return { promised, cutOff, heads }
}

async function start(database: Record<string, string>): Promise<Victim> {
  const program = fileURLToPath(new URL('rehearsal-victim.ts', import.meta.url))
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', program], {
    env: { ...process.env, TEST_STORE: '', DATABASE_URL: '', DATA_DIR: '', ...database },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const first = await Promise.race([
    once(child.stdout, 'data'),
    once(child, 'exit').then(() => undefined),
    sleep(LONGEST_START_MILLISECONDS, undefined, { ref: false }),
  ])
  if (!first) {
    child.kill('SIGKILL')
    throw new Error('the oracle does not start')
  }
  return { child, url: `http://127.0.0.1:${Number(String(first[0]))}` }
}

async function claimTo(url: string): Promise<Claim> {
  const coupon = freshCoupon()
  const asked = await post({ url, path: '/v1/challenges', body: coupon })
  const { challenge } = challengeAnswerSchema.parse(await asked.json())
  const submitted = browserAt({ ...insidePosition, takenAt: Date.now() })
  const claim = claimOf({ coupon, challenge, positions: submitted.positions })
  const authorisation = await signedByHolder({ claim })
  return { body: { ...coupon, proof: [], challenge, ...submitted, authorisation }, book }
}

async function expectUsed({ url, claim }: { url: string; claim: Claim }): Promise<void> {
  const { status } = await post({ url, path: '/v1/presence', body: claim.body })
  if (status !== 409) throw new Error(`a used challenge was answered with ${status}`)
}

async function expectGrown({
  url,
  from,
  to,
}: {
  url: string
  from: LogHeadAnswer | undefined
  to: LogHeadAnswer
}): Promise<void> {
  if (!from) return
  const [first, second] = [from.size, to.size]
  const asked = await fetch(`${url}/v1/log/consistency?first=${first}&second=${second}`)
  const { proof } = consistencyAnswerSchema.parse(await asked.json())
  const roots = { firstRoot: from.root, secondRoot: to.root }
  if (!isConsistent({ first, second, ...roots, proof })) {
    throw new Error(`the log of ${first} does not lead to that of ${second}`)
  }
}

async function headOf(url: string): Promise<LogHeadAnswer> {
  return logHeadAnswerSchema.parse(await (await fetch(`${url}/v1/log`)).json())
}

async function entriesOf({
  url,
  from,
  to,
}: {
  url: string
  from: number
  to: number
}): Promise<LogEntry[]> {
  const entries: LogEntry[] = []
  while (from + entries.length < to) {
    const asked = await fetch(`${url}/v1/log/entries?from=${from + entries.length}&to=${to}`)
    const answer = entriesAnswerSchema.parse(await asked.json())
    if (answer.entries.length === 0) throw new Error('the log ends before its head')
    entries.push(...answer.entries)
  }
  return entries
}

function post({ url, path, body }: { url: string; path: string; body: object }): Promise<Response> {
  return fetch(url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
}
