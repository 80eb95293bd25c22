import { isHex, type Address, type Hex } from 'viem'
import { generatePrivateKey, type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts'

const PREFIX = 'coupon-secure.counter-key.'

type Shelf = Pick<Storage, 'getItem' | 'setItem'>
type OfBook = { shelf: Shelf; chainId: number; book: Address }

/** The key with which this device shows itself as a counter of a book, where it has one. It never leaves the browser. */
export function counterAccount({ shelf, chainId, book }: OfBook): PrivateKeyAccount | undefined {
  const kept = shelf.getItem(nameOf({ chainId, book }))
  return isKey(kept) ? privateKeyToAccount(kept) : undefined
}

/** Makes that key, unless there is one. */
export function makeCounterAccount(of: OfBook): PrivateKeyAccount {
  const known = counterAccount(of)
  if (known !== undefined) return known
  const key = generatePrivateKey()
  of.shelf.setItem(nameOf(of), key)
  return privateKeyToAccount(key)
}

function nameOf({ chainId, book }: Omit<OfBook, 'shelf'>): string {
  return `${PREFIX}${chainId}.${book.toLowerCase()}`
}

function isKey(text: string | null): text is Hex {
  return isHex(text) && text.length === 66
}
