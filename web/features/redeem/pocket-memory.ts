import type { HeldCoupon } from '@coupon-secure/protocol/coupon'
import type { Address } from 'viem'
import type { Campaign, Counters } from '../../chain/book-queries.ts'
import { browserShelf } from '../../ui/browser-database.ts'
import type { Seats } from './pocket.ts'
import type { Redeemed } from './redemption.ts'

/** What the chain last said of some holders' coupons in one book. It is shown where there is no network, and decides nothing. */
export type PocketMemory = {
  /** When, in unix seconds. */
  at: number
  coupons: readonly HeldCoupon[]
  campaigns: readonly Campaign[]
  seats: readonly ({ key: string } & Seats)[]
  counters: readonly (readonly [bigint, Counters])[]
  redeemed: readonly { key: string; redeemed: Redeemed }[]
}

type Of = { chainId: number; book: Address; holders: readonly Address[] }

const FORM = 1 // another form is another memory
const shelf = browserShelf('pockets')

/** Keeps it; a browser that keeps nothing has nothing to show later, and no more is lost. */
export async function rememberPocket({
  memory,
  ...of
}: Of & { memory: PocketMemory }): Promise<void> {
  await shelf.write(nameOf(of), { form: FORM, ...memory }).catch(() => undefined)
}

/** What was kept of these very holders; null where nothing was. */
export async function recallPocket(of: Of): Promise<PocketMemory | null> {
  const kept = await shelf.read(nameOf(of)).catch(() => undefined)
  return isMemory(kept) ? kept : null
}

function nameOf({ chainId, book, holders }: Of): string {
  return [chainId, book, ...holders.toSorted()].join('.').toLowerCase()
}

// Only we write it, in one piece.
function isMemory(value: unknown): value is PocketMemory {
  return typeof value === 'object' && value !== null && Reflect.get(value, 'form') === FORM
}
