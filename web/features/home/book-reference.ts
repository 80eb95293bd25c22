import { type Address, getAddress, isAddress } from 'viem'
import type { Failure } from '../../chain/explain-revert.ts'

/** What a person gave us as a book: its address, or why it is none. */
export type BookReference = { ok: true; book: Address } | { ok: false; problem: Failure }

/** The book in an address, a link of this app, or a line of text that contains one of them. */
export function bookIn(text: string): BookReference {
  const found = /0x[0-9a-fA-F]{40}(?![0-9a-fA-F])/.exec(text)?.[0]
  if (text.trim() === '') {
    return no({ code: 'BOOK_MISSING', sentence: 'Paste the address of a book, or a link to it.' })
  }
  if (found === undefined) {
    return no({
      code: 'ADDRESS_INVALID',
      sentence: 'There is no book’s address in this: 0x and 40 hexadecimal digits.',
    })
  }
  if (!isAddress(found)) {
    return no({
      code: 'ADDRESS_CHECKSUM',
      sentence: 'The address has a wrong checksum, so a character may be wrong. Copy it again.',
    })
  }
  return { ok: true, book: getAddress(found) }
}

function no(problem: Failure): BookReference {
  return { ok: false, problem }
}
