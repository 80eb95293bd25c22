import type { HeldCoupon } from '@coupon-secure/protocol/coupon'
import { domainOf } from '@coupon-secure/protocol/presence'
import { errorAnswerSchema } from '@coupon-secure/protocol/wire'
import { errorSentenceFor } from '@coupon-secure/protocol/wire-errors'
import { workerAnswerSchema } from '@coupon-secure/protocol/wire-worker'
import { workerHandleField, workerTypes } from '@coupon-secure/protocol/worker'
import type { Hex } from 'viem'
import type { Failure } from '../../chain/explain-revert.ts'
import type { Pocket, Shelf } from './journal.ts'

const PREFIX = 'coupon-secure.worker.'
// Beyond that the clock was wrong then, or is now: what it says now is as good.
const MOST_AHEAD_SECONDS = 60
const PATIENCE_MILLISECONDS = 15_000

/** What the wallet is asked to sign to bind a worker. */
export type WorkerToSign = {
  domain: ReturnType<typeof domainOf>
  types: typeof workerTypes
  message: { holder: Hex; workerHandle: string; issuedAt: bigint }
}

/** What became of a binding. */
export type Binding = { ok: true } | { ok: false; failure: Failure }

/** The handle that this browser bound for a pocket; the oracle has the last word. */
export function boundWorker({
  shelf,
  pocket,
}: {
  shelf: Shelf
  pocket: Pocket
}): string | undefined {
  return shelf.getItem(nameOf(pocket)) ?? undefined
}

/** Binds a worker to the pocket's holder, or with an empty handle takes the binding back. Throws what the wallet throws. */
export async function bindWorker({
  url,
  fetch,
  shelf,
  pocket,
  coupon,
  workerHandle,
  now,
  sign,
}: {
  url: string
  fetch: (url: string, init: RequestInit) => Promise<Response>
  shelf: Shelf
  pocket: Pocket
  coupon: HeldCoupon
  workerHandle: string
  /** Unix seconds. */
  now: number
  sign: (worker: WorkerToSign) => Promise<Hex>
}): Promise<Binding> {
  if (workerHandle !== '' && !workerHandleField.safeParse(workerHandle).success) {
    return no('WORKER_HANDLE_INVALID', errorSentenceFor.WORKER_HANDLE_INVALID)
  }
  // The oracle takes no two of one second, and whoever unbinds and binds again is not always slower than that.
  const last = Number(shelf.getItem(signedNameOf(pocket)) ?? 0)
  const issuedAt = last >= now && last < now + MOST_AHEAD_SECONDS ? last + 1 : now
  shelf.setItem(signedNameOf(pocket), String(issuedAt))
  const message = { holder: pocket.holder, workerHandle, issuedAt: BigInt(issuedAt) }
  const signature = await sign({ domain: domainOf(pocket), types: workerTypes, message })
  try {
    const response = await fetch(`${url}/v1/workers`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        ...pocket,
        campaignId: coupon.campaignId.toString(),
        serial: coupon.serial.toString(),
        proof: coupon.proof,
        workerHandle,
        issuedAt,
        signature,
      }),
      signal: AbortSignal.timeout(PATIENCE_MILLISECONDS),
    })
    const json: unknown = await response.json()
    if (workerAnswerSchema.safeParse(json).success) {
      if (workerHandle === '') shelf.removeItem(nameOf(pocket))
      else shelf.setItem(nameOf(pocket), workerHandle)
      return { ok: true }
    }
    const { data } = errorAnswerSchema.safeParse(json)
    if (data) return no(data.error.code, data.error.message)
    return no(
      'ORACLE_ANSWER_STRANGE',
      'The oracle gave an answer that does not fit. Tell the staff.',
    )
  } catch {
    return no('ORACLE_AWAY', 'The oracle does not answer. Look at your connection and try again.')
  }
}

function nameOf({ chainId, book, holder }: Pocket): string {
  return `${PREFIX}${chainId}.${book}.${holder}`.toLowerCase()
}

function signedNameOf(pocket: Pocket): string {
  return `${nameOf(pocket)}.signed`
}

function no(code: string, sentence: string): Binding {
  return { ok: false, failure: { code, sentence } }
}
