import type { Address } from 'viem'

/** Where the browser remembers; `localStorage` in the app. */
export type Shelf = Pick<Storage, 'getItem' | 'setItem'>

const MOST = 5

/** The books that were opened in this browser on this chain, latest first. */
export function recentBooks({ shelf, chainId }: { shelf: Shelf; chainId: number }): Address[] {
  try {
    const value: unknown = JSON.parse(shelf.getItem(nameOf(chainId)) ?? '[]')
    if (!Array.isArray(value)) return []
    return value.flatMap((item) => (isAddressText(item) ? [item] : []))
  } catch {
    return [] // unreadable: it is a convenience only
  }
}

/** Puts a book at the head of the list. */
export function rememberBook({
  shelf,
  chainId,
  book,
}: {
  shelf: Shelf
  chainId: number
  book: Address
}): void {
  const others = recentBooks({ shelf, chainId }).filter(
    (other) => other.toLowerCase() !== book.toLowerCase(),
  )
  try {
    shelf.setItem(nameOf(chainId), JSON.stringify([book, ...others].slice(0, MOST)))
  } catch {
    // A full or forbidden storage costs the list only.
  }
}

function nameOf(chainId: number): string {
  return `coupon-secure.recent-books.${chainId}`
}

// By its form alone: it leads to a page that checks it, and loads nothing here.
function isAddressText(item: unknown): item is Address {
  return typeof item === 'string' && /^0x[0-9a-fA-F]{40}$/.test(item)
}
