import type { TypedDataToPrimitiveTypes } from 'abitype'
import type { Hex } from 'viem'
import * as z from 'zod/mini'
import { type BookPlace, domainOf } from './presence.ts'
import { hashTypedData } from './typed-data.ts'

/** How old a signed binding may be when it arrives, and how far ahead a clock may be, in seconds. */
export const BINDING_SECONDS = 300

/** What a holder signs to say which account of the tracking app is theirs; an empty handle takes it back. */
export const workerTypes = {
  Worker: [
    { name: 'holder', type: 'address' },
    { name: 'workerHandle', type: 'string' },
    { name: 'issuedAt', type: 'uint64' },
  ],
} as const

/** "In this book, this account of the tracking app is mine." `issuedAt` in unix seconds. */
export type Worker = TypedDataToPrimitiveTypes<typeof workerTypes>['Worker']

/**
 * A worker's handle: plain ASCII, so that no two look the same, and with a letter or digit, so that in an address it is
 * never a step up ("..").
 */
export const workerHandleField = z
  .string({ error: 'WORKER_HANDLE_INVALID' })
  .check(
    z.regex(/^[A-Za-z0-9@._:+=|-]{1,128}$/, { error: 'WORKER_HANDLE_INVALID' }),
    z.regex(/[A-Za-z0-9]/, { error: 'WORKER_HANDLE_INVALID' }),
  )

/** The digest that a holder signs to bind a worker, or to take the binding back. */
export function hashWorker({ chainId, book, worker }: BookPlace & { worker: Worker }): Hex {
  return hashTypedData({
    domain: domainOf({ chainId, book }),
    types: workerTypes,
    primaryType: 'Worker',
    message: worker,
  })
}
