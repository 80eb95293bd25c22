import type { HandedRedemption } from '@coupon-secure/protocol/handed'
import { errorAnswerSchema } from '@coupon-secure/protocol/wire'
import { readWire } from '@coupon-secure/protocol/wire-fields'
import {
  isSettled,
  redemptionStatusSchema,
  type RedemptionStatus,
  writeRedemption,
} from '@coupon-secure/protocol/wire-redemption'
import type { Hash, Hex } from 'viem'
import type { Failure } from '../../chain/explain-revert.ts'
import { relayerAway } from './failures.ts'
import type { Redeemed } from './redemption.ts'
import { type Source, statusesOf } from './relay-events.ts'

/** How bringing a redemption to the relayer ended. `away`: it does not send it, and others may. */
export type Relayed =
  | { kind: 'redeemed' }
  | { kind: 'left' }
  | { kind: 'refused'; failure: Failure }
  | { kind: 'away'; failure: Failure }

/** Brings a signed redemption to the relayer, and reports what happens to it. */
export type Relay = (brought: {
  handed: HandedRedemption
  onSent: (hash: Hash) => void
  /** Once when the chain shows it, and once more when it is final. */
  onRedeemed: (redeemed: Redeemed) => void
}) => Promise<Relayed>

const TRIES = 3
const BETWEEN_TRIES_MILLISECONDS = 700
const PATIENCE_MILLISECONDS = 10_000
const LOOKS = 20
const LOOK_MILLISECONDS = 300

/** The relayer at an address. It is believed in nothing that the chain has to show. */
export function relayAt({
  url,
  proof,
  fetch,
  source,
  wait,
  hasLeft,
  redemptionOf,
}: {
  url: string
  proof: readonly Hex[]
  fetch: (url: string, init?: RequestInit) => Promise<Response>
  /** Opens a stream of events; undefined where the browser has none. */
  source: ((url: string) => Source) | undefined
  wait: (milliseconds: number) => Promise<void>
  hasLeft: () => boolean
  /** The redemption that the chain has of this coupon. */
  redemptionOf: () => Promise<Redeemed | undefined>
}): Relay {
  return async ({ handed, onSent, onRedeemed }) => {
    const answer = await bring(handed)
    if (answer.kind !== 'taken') return answer
    const { digest } = answer.status
    let seen: Redeemed | undefined
    for await (const status of statusesOf({
      first: answer.status,
      ask: () => statusIn(fetch(`${url}/v1/redemptions/${digest}`, quick())),
      source: source && (() => source(`${url}/v1/redemptions/${digest}/events`)),
      wait,
      hasLeft,
    })) {
      switch (status.state) {
        case 'waiting':
          break
        case 'sent':
          seen = undefined // taken back, and sent again
          onSent(status.transaction)
          break
        case 'confirmed':
        case 'final': {
          seen ??= await shownByChain()
          if (!seen) return { kind: 'away', failure: relayerAway }
          onRedeemed({ ...seen, isFinal: status.state === 'final' })
          break
        }
        case 'refused':
          return { kind: 'refused', failure: { code: status.code, sentence: status.message } }
      }
      if (isSettled(status)) return { kind: 'redeemed' }
    }
    if (hasLeft()) return { kind: 'left' }
    // It went silent; if the chain has shown the redemption, nobody needs it any more.
    return seen ? { kind: 'redeemed' } : { kind: 'away', failure: relayerAway }
  }

  type Brought =
    { kind: 'taken'; status: RedemptionStatus } | Exclude<Relayed, { kind: 'redeemed' }>

  /** Brings it, more than once where the line drops: the same redemption is never taken on twice. */
  async function bring(handed: HandedRedemption): Promise<Brought> {
    const body = JSON.stringify(writeRedemption({ handed, proof }))
    const headers = { 'content-type': 'application/json' }
    for (let tries = 1; ; tries += 1) {
      const answer = await fetch(`${url}/v1/redemptions`, {
        ...{ method: 'POST', headers, body },
        ...quick(),
      })
        .then((response) => response.json() as Promise<unknown>)
        .catch(() => undefined)
      if (hasLeft()) return { kind: 'left' }
      const status = readWire({ schema: redemptionStatusSchema, json: answer })
      if (status.ok && status.value.state === 'refused') {
        const { code, message } = status.value
        return { kind: 'refused', failure: { code, sentence: message } }
      }
      if (status.ok) return { kind: 'taken', status: status.value }
      const error = readWire({ schema: errorAnswerSchema, json: answer })
      if (error.ok) {
        const { code, message } = error.value.error
        const failure = { code, sentence: message }
        // Nobody else could send it either: a contract's owner may have changed since, or the wallet signed something else.
        return { kind: code === 'SIGNATURE_INVALID' ? 'refused' : 'away', failure }
      }
      if (tries === TRIES) return { kind: 'away', failure: relayerAway }
      await wait(BETWEEN_TRIES_MILLISECONDS)
    }
  }

  async function shownByChain(): Promise<Redeemed | undefined> {
    for (let look = 0; look < LOOKS && !hasLeft(); look += 1) {
      const redeemed = await redemptionOf().catch(() => undefined) // the chain is away: look again
      if (redeemed) return redeemed
      await wait(LOOK_MILLISECONDS)
    }
    return undefined
  }
}

async function statusIn(asked: Promise<Response>): Promise<RedemptionStatus | undefined> {
  const json = await asked
    .then((response) => response.json() as Promise<unknown>)
    .catch(() => undefined)
  const read = readWire({ schema: redemptionStatusSchema, json })
  return read.ok ? read.value : undefined
}

function quick(): RequestInit {
  return { cache: 'no-store', signal: AbortSignal.timeout(PATIENCE_MILLISECONDS) }
}
