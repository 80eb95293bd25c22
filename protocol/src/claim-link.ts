import { getAddress, type Hex, keccak256, slice, stringToHex } from 'viem'
import { fromBase64url, toBase64url } from './base64url.ts'
import type { BookPlace } from './presence.ts'

/** What a claim link carries: a holder's key, and the book and chain whose coupons it holds. */
export type ClaimLink = BookPlace & { key: Hex }

/** Why a text is no claim link: nothing there, nothing of ours, or not all of it. */
export type ClaimLinkProblem =
  'CLAIM_LINK_MISSING' | 'CLAIM_LINK_FOREIGN' | 'CLAIM_LINK_CUT' | 'CLAIM_LINK_DAMAGED'

const MARK = 'CSC1'
const BOOK_BYTES = 20
const KEY_BYTES = 32
const CHECK_BYTES = 4
const FORM =
  /^CSC1\.([1-9][0-9]{0,14})\.([A-Za-z0-9_-]{27})\.([A-Za-z0-9_-]{43})\.([A-Za-z0-9_-]{6})$/
// What the beginning of one looks like, wherever it breaks off.
const BEGINNING =
  /^CSC1(\.([1-9][0-9]{0,14}(\.([A-Za-z0-9_-]{0,27}|[A-Za-z0-9_-]{27}\.([A-Za-z0-9_-]{0,43}|[A-Za-z0-9_-]{43}\.[A-Za-z0-9_-]{0,5})))?)?)?$/
const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n

/** The fragment of a claim link (docs/protocol.md#claim-link); a secret. */
export function writeClaimLink({ chainId, book, key }: ClaimLink): string {
  const text = [MARK, chainId, toBase64url(book), toBase64url(key)].join('.')
  return `${text}.${checkOf(text)}`
}

/** The claim link in a fragment, or in a whole address that ends with one. */
export function readClaimLink(
  given: string,
): { ok: true; link: ClaimLink } | { ok: false; problem: ClaimLinkProblem } {
  const text = given.slice(given.indexOf('#') + 1).trim()
  if (text === '') return { ok: false, problem: 'CLAIM_LINK_MISSING' }
  const [, chain, bookText, keyText, check] = FORM.exec(text) ?? []
  if (!chain || !bookText || !keyText || check === undefined) {
    return { ok: false, problem: BEGINNING.test(text) ? 'CLAIM_LINK_CUT' : 'CLAIM_LINK_FOREIGN' }
  }
  const book = fromBase64url({ text: bookText, bytes: BOOK_BYTES })
  const key = fromBase64url({ text: keyText, bytes: KEY_BYTES })
  const isWhole = checkOf(text.slice(0, text.lastIndexOf('.'))) === check
  if (book === undefined || key === undefined || !isWhole || !isClaimKey(key)) {
    return { ok: false, problem: 'CLAIM_LINK_DAMAGED' }
  }
  return { ok: true, link: { chainId: Number(chain), book: getAddress(book), key } }
}

/** Whether 32 bytes are a key of secp256k1; all but some 2^-128 of them are. */
export function isClaimKey(key: Hex): boolean {
  const number = BigInt(key)
  return number > 0n && number < ORDER
}

// Four bytes: one damaged link in four thousand million passes, and then opens an empty pocket.
function checkOf(text: string): string {
  return toBase64url(slice(keccak256(stringToHex(text)), 0, CHECK_BYTES))
}
