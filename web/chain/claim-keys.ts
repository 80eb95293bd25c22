import type { ClaimLink } from '@coupon-secure/protocol/claim-link'
import type { BookPlace } from '@coupon-secure/protocol/presence'
import type { Address, Hex } from 'viem'
import { browserShelf } from '../ui/browser-database.ts'

/** A key that came with a claim link, and the holder it speaks for. */
export type ClaimKey = ClaimLink & { holder: Address }

const shelf = browserShelf('claim-keys')
// What this browser would not keep, for as long as the page is open.
const pageOnly = new Map<string, ClaimKey>()

/** Keeps a link's key in this browser; `isKept` is false where the browser keeps nothing, and then this page alone has it. */
export async function keepClaimKey(
  link: ClaimLink,
): Promise<{ claimKey: ClaimKey; isKept: boolean }> {
  const { privateKeyToAddress } = await import('viem/accounts') // the curve: only for who has a link
  const claimKey = { ...link, holder: privateKeyToAddress(link.key) }
  const name = nameOf(claimKey)
  try {
    await shelf.write(name, claimKey)
    return { claimKey, isKept: true }
  } catch {
    pageOnly.set(name, claimKey)
    return { claimKey, isKept: false }
  }
}

/** The keys that this browser has for a book. */
export async function claimKeysOf({ chainId, book }: BookPlace): Promise<ClaimKey[]> {
  const all = await shelf.readAll().catch((): unknown[] => []) // closed to us: then the page alone has any
  const kept = all.filter(isKey)
  return [...kept, ...pageOnly.values()].filter(
    (claimKey) =>
      claimKey.chainId === chainId && claimKey.book.toLowerCase() === book.toLowerCase(),
  )
}

/** Forgets a key: without its link, its coupons cannot be used from here any more. */
export async function forgetClaimKey(claimKey: ClaimKey): Promise<void> {
  pageOnly.delete(nameOf(claimKey))
  await shelf.remove(nameOf(claimKey))
}

function nameOf({ chainId, book, holder }: ClaimKey): string {
  return `${chainId}.${book}.${holder}`.toLowerCase()
}

// By their form alone: only we write them, and the page asks for them before any other code has come.
function isKey(value: unknown): value is ClaimKey {
  if (typeof value !== 'object' || value === null) return false
  const field = (name: string): unknown => Reflect.get(value, name)
  return (
    typeof field('chainId') === 'number' &&
    isHexOf(field('key'), 32) &&
    isHexOf(field('book'), 20) &&
    isHexOf(field('holder'), 20)
  )
}

function isHexOf(value: unknown, bytes: number): value is Hex {
  return typeof value === 'string' && new RegExp(`^0x[0-9a-fA-F]{${2 * bytes}}$`).test(value)
}
