import { sign } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { hashSubmission, RULESET } from '@coupon-secure/protocol/evidence'
import { hashClaim, hashPresence } from '@coupon-secure/protocol/presence'
import { grantSchema } from '@coupon-secure/protocol/wire'
import { submissionFrom } from '@coupon-secure/protocol/wire-evidence'
import { signerOf } from '@coupon-secure/protocol/witness'
import { type Address, bytesToHex, hexToBytes, type Hex } from 'viem'
import { cpuTimeOf } from './cpu-time.ts'
import { type Line, openLine } from './http-line.ts'
import { CHAIN_ID, type Claimant } from './oracle-stage.ts'

/** What came of a load: milliseconds for answers to POST /v1/presence. */
export type Load = {
  statements: number
  statementsPerSecond: number
  p50: number
  p99: number
  errors: number
  /** Processor time for each statement, milliseconds: of the service, of the chain, and of this load itself. */
  cpu: { service: number; chain: number; load: number } | undefined
  /** What went wrong, and how often. */
  wrong: Record<string, number>
}

const CHECKED_ONE_OF = 100

/** Lets `phones` claim at once, each again as soon as it is answered, for so many seconds after a warm-up. */
export async function loadWith({
  url,
  claimants,
  phones,
  seconds,
  warmUpSeconds,
  position,
  witness,
  pids,
}: {
  url: string
  claimants: readonly Claimant[]
  phones: number
  seconds: number
  warmUpSeconds: number
  /** Somewhere inside the fence. */
  position: { longitude: number; latitude: number }
  /** Whose statements they must be; undefined where they are not looked at. */
  witness: Address | undefined
  pids: { service: number; chain: number }
}): Promise<Load> {
  const { hostname, port } = new URL(url)
  const times: number[] = []
  const wrong: Record<string, number> = {}
  let next = 0
  const countsFrom = performance.now() + warmUpSeconds * 1_000
  const endsAt = countsFrom + seconds * 1_000

  const claimOnce = async ({ line, claimant }: { line: Line; claimant: Claimant }) => {
    const challenge = await challengeFor({ line, claimant })
    const body = JSON.stringify(requestOf({ claimant, challenge, position }))
    const startedAt = performance.now()
    const { status, body: answer } = await line.post({ path: '/v1/presence', body })
    const endedAt = performance.now()
    if (startedAt < countsFrom || endedAt > endsAt) return
    if (status !== 200) return count(codeIn(answer) ?? `status ${status}`)
    times.push(endedAt - startedAt)
    const isLookedAt = witness !== undefined && times.length % CHECKED_ONE_OF === 0
    if (isLookedAt && !(await isStatement({ answer, claimant, witness }))) count('no statement')
  }
  const phone = async () => {
    let line = openLine({ hostname, port: Number(port) })
    while (performance.now() < endsAt) {
      const claimant = claimants[next++ % claimants.length]
      if (!claimant) throw new Error('nobody claims')
      await claimOnce({ line, claimant }).catch((error: unknown) => {
        count(String(error))
        line.close()
        line = openLine({ hostname, port: Number(port) })
      })
    }
    line.close()
  }
  const timesOfAll = () => [pids.service, pids.chain, process.pid].map(cpuTimeOf)
  const before = sleep(warmUpSeconds * 1_000).then(timesOfAll)
  const count = (what: string) => (wrong[what] = (wrong[what] ?? 0) + 1)
  await Promise.all(Array.from({ length: phones }, phone))
  const [from, to] = [await before, timesOfAll()]
  const [service = NaN, chain = NaN, load = NaN] = to.map((time = NaN, index) =>
    round((time - (from[index] ?? NaN)) / times.length, 100),
  )

  times.sort((a, b) => a - b)
  const at = (share: number) => round(times[Math.floor(times.length * share)] ?? NaN)
  return {
    statements: times.length,
    statementsPerSecond: round(times.length / seconds),
    p50: at(0.5),
    p99: at(0.99),
    errors: Object.values(wrong).reduce((sum, number) => sum + number, 0),
    cpu: Number.isNaN(service) ? undefined : { service, chain, load },
    wrong,
  }
}

async function challengeFor({ line, claimant }: { line: Line; claimant: Claimant }): Promise<Hex> {
  const body = JSON.stringify(couponOf(claimant))
  const { status, body: answer } = await line.post({ path: '/v1/challenges', body })
  if (status !== 200) throw new Error(`challenge: ${codeIn(answer) ?? `status ${status}`}`)
  const { challenge } = JSON.parse(answer) as { challenge: Hex }
  return challenge
}

/** Whether an answer is the witness's statement for this coupon and holder. */
async function isStatement({
  answer,
  claimant: { book, campaignId, serial, holder },
  witness,
}: {
  answer: string
  claimant: Claimant
  witness: Address
}): Promise<boolean> {
  const { presence, statement } = grantSchema.parse(JSON.parse(answer))
  const asked = { ...presence, campaignId, serial, holder }
  const hash = hashPresence({ chainId: CHAIN_ID, book, presence: asked })
  return (await signerOf({ hash, r: statement.r, vs: statement.vs })) === witness
}

/** A claim as the browser makes it. */
function requestOf({
  claimant,
  challenge,
  position: { longitude, latitude },
}: {
  claimant: Claimant
  challenge: Hex
  position: { longitude: number; latitude: number }
}) {
  const { book, campaignId, serial, holder, proof, session } = claimant
  // No two fixes of a living receiver are the same.
  const near = () => (Math.random() - 0.5) / 100_000
  const position = {
    longitude: longitude + near(),
    latitude: latitude + near(),
    accuracyMetres: 8 + Math.random() * 4,
    takenAt: Date.now() - 500,
  }
  const submitted = { source: 'browser' as const, positions: [position] }
  const submission = submissionFrom(submitted)
  const evidenceHash = hashSubmission({ submission, challenge, ruleset: RULESET })
  const claim = { campaignId, serial, holder, challenge, evidenceHash }
  const digest = hexToBytes(hashClaim({ chainId: CHAIN_ID, book, claim }))
  const { key } = session
  const signature = sign('sha256', digest, { key, dsaEncoding: 'ieee-p1363' })
  return {
    ...couponOf(claimant),
    proof,
    challenge,
    ...submitted,
    authorisation: {
      kind: 'session',
      publicKey: session.publicKey,
      expiresAt: session.expiresAt,
      holderSignature: session.holderSignature,
      signature: bytesToHex(signature),
    },
  }
}

function couponOf({ book, campaignId, serial, holder }: Claimant) {
  return {
    chainId: CHAIN_ID,
    book,
    campaignId: campaignId.toString(),
    serial: serial.toString(),
    holder,
  }
}

function codeIn(answer: string): string | undefined {
  return /"code":"([^"]{1,120})/.exec(answer)?.[1]
}

function round(number: number, parts = 10): number {
  return Math.round(number * parts) / parts
}
