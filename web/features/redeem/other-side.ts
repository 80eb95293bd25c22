import { readPairingCode } from '@coupon-secure/protocol/pairing'
import type { Position } from '@coupon-secure/protocol/wire-evidence'
import { type PairedRequest, pairedRequestSchema } from '@coupon-secure/protocol/wire-pairing'
import { readWire } from '@coupon-secure/protocol/wire-fields'
import type { Hex } from 'viem'
import type { Failure } from '../../chain/explain-revert.ts'
import { codeUnreadable, pairingElsewhere, pairingForAnother } from './failures.ts'
import type { boxOf } from './pairing-box.ts'
import { openMessage, openPairing, type Pairing, sealMessage } from './pairing-seal.ts'
import type { Located } from './position.ts'

type Box = Pick<ReturnType<typeof boxOf>, 'open' | 'answer'>

/** A request that this browser has opened, and how to answer it. */
export type Opened = {
  request: PairedRequest
  /** Unix seconds. */
  expiresAt: number
  /** Undefined once it has arrived. */
  answer: (position: Position) => Promise<Failure | undefined>
}

// The wallet's page looks every two seconds, and takes what is newer.
const PAUSE_MILLISECONDS = 3_000

/** Opens what a code asks; `writerToken` is this browser's, the same through a reload. */
export async function openRequest({
  code,
  chainId,
  writerToken,
  boxOf,
}: {
  /** As it was typed, or the address it came with. */
  code: string
  chainId: number
  writerToken: Hex
  boxOf: (id: Hex) => Box
}): Promise<{ ok: true; opened: Opened } | { ok: false; failure: Failure }> {
  const read = readPairingCode(code)
  if (read === undefined) return { ok: false, failure: codeUnreadable }
  const pairing = await openPairing(read)
  const box = boxOf(pairing.id)
  const said = await box.open(writerToken)
  if (!said.ok) return said
  const { request: sealed, expiresAt } = said.told
  const request = await requestIn({ pairing, sealed })
  if (request === undefined) return { ok: false, failure: pairingForAnother }
  if (request.chainId !== chainId) return { ok: false, failure: pairingElsewhere }
  const answer = async (position: Position) => {
    const message = answerTo({ request, position })
    const answer = await sealMessage({ pairing, from: 'other', message })
    const done = await box.answer({ writerToken, answer })
    return done.ok ? undefined : done.failure
  }
  return { ok: true, opened: { request, expiresAt, answer } }
}

/**
 * Sends where this browser is, and newer positions after that, until the wallet's page has what it needs. Ends with the reason; the
 * wallet's page being done is one.
 */
export async function keepAnswering({
  answer,
  locate,
  onSent,
  wait,
  signal,
}: {
  answer: Opened['answer']
  /** A position taken later than that; the first where it is left out. */
  locate: (after: number | undefined) => Promise<Located>
  onSent: (position: Position) => void
  wait: (milliseconds: number) => Promise<void>
  signal: AbortSignal
}): Promise<Failure | undefined> {
  const hasLeft = () => signal.aborted
  let last: Position | undefined
  while (!hasLeft()) {
    const located = await locate(last?.takenAt)
    if (hasLeft()) return undefined
    if (located.ok) last = located.position
    // A device that stands still says nothing new for long: the last one then tells whether it is still asked for.
    else if (last === undefined || located.failure.code === 'POSITION_DENIED') {
      return located.failure
    }
    const failure = await answer(last)
    if (failure === undefined) onSent(last)
    else if (failure.code !== 'ORACLE_AWAY' && failure.code !== 'RATE_LIMITED') return failure
    await wait(PAUSE_MILLISECONDS)
  }
  return undefined
}

async function requestIn({
  pairing,
  sealed,
}: {
  pairing: Pairing
  sealed: Hex
}): Promise<PairedRequest | undefined> {
  const json = await openMessage({ pairing, from: 'wallet', sealed })
  const read = readWire({ schema: pairedRequestSchema, json })
  return read.ok ? read.value : undefined
}

function answerTo({
  request: { chainId, book, campaignId, serial, holder },
  position,
}: {
  request: PairedRequest
  position: Position
}): unknown {
  const coupon = { chainId, book, campaignId: campaignId.toString(), serial: serial.toString() }
  return { ...coupon, holder, position }
}
