import { isClaimKey } from '@coupon-secure/protocol/claim-link'
import type { BookPlace } from '@coupon-secure/protocol/presence'
import { type Address, bytesToHex, type Hex } from 'viem'
import { type BrowserShelf, browserShelf } from '../../ui/browser-database.ts'
import type { ListRow } from './read-list.ts'

/** The claim links of one issue, as this browser keeps them until the organiser has them as files. */
export type ClaimBatch = BookPlace & {
  id: string
  /** Unix milliseconds. */
  madeAt: number
  /** The names of the list's columns, where it had any. */
  header: readonly string[]
  rows: readonly ClaimRow[]
  /** When the links were last downloaded, unix milliseconds. */
  downloadedAt?: number
}

/** One person without a wallet: their row, and the key that was made for them. */
export type ClaimRow = {
  line: number
  name: string
  cells: readonly string[]
  key: Hex
  holder: Address
}

const KEY_BYTES = 32
const SLICE_MILLISECONDS = 20 // then the page may breathe

/** Makes a key for each row, in this browser's own randomness; the page stays responsive meanwhile. */
export async function makeClaimRows({
  rows,
  onProgress,
}: {
  rows: readonly ListRow[]
  onProgress: (done: number) => void
}): Promise<ClaimRow[]> {
  const { privateKeyToAddress } = await import('viem/accounts')
  const made: ClaimRow[] = []
  let pause = performance.now() + SLICE_MILLISECONDS
  for (const { line, name, cells } of rows) {
    const key = randomKey()
    made.push({ line, name, cells, key, holder: privateKeyToAddress(key) })
    if (performance.now() < pause) continue
    onProgress(made.length)
    await new Promise((resolve) => setTimeout(resolve))
    pause = performance.now() + SLICE_MILLISECONDS
  }
  return made
}

/** Where batches are kept, each under its id. */
export function claimBatches(shelf: BrowserShelf = browserShelf('claim-batches')) {
  return {
    /** Those of a book, newest first. Rejects where the browser keeps nothing. */
    of: async ({ chainId, book }: BookPlace): Promise<ClaimBatch[]> => {
      const all = (await shelf.readAll()).filter(isBatch)
      return all
        .filter((batch) => batch.chainId === chainId && batch.book === book)
        .sort((a, b) => b.madeAt - a.madeAt)
    },
    keep: (batch: ClaimBatch): Promise<void> => shelf.write(batch.id, batch),
    forget: ({ id }: ClaimBatch): Promise<void> => shelf.remove(id),
  }
}

function randomKey(): Hex {
  for (;;) {
    const key = bytesToHex(crypto.getRandomValues(new Uint8Array(KEY_BYTES)))
    if (isClaimKey(key)) return key
  }
}

function isBatch(value: unknown): value is ClaimBatch {
  if (typeof value !== 'object' || value === null) return false
  const field = (name: string): unknown => Reflect.get(value, name)
  return (
    typeof field('id') === 'string' &&
    typeof field('chainId') === 'number' &&
    typeof field('book') === 'string' &&
    typeof field('madeAt') === 'number' &&
    Array.isArray(field('header')) &&
    Array.isArray(field('rows'))
  )
}
