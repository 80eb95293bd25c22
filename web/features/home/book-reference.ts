import { type Address, getAddress, isAddress } from 'viem'

/** What a person gave us as a book: its address, or why it is none. */
export type BookReference =
  { ok: true; book: Address } | { ok: false; problem: { code: string; message: string } }

/** The book in an address, a link of this app, or a line of text that contains one of them. */
export function bookIn(text: string): BookReference {
  const found = /0x[0-9a-fA-F]{40}(?![0-9a-fA-F])/.exec(text)?.[0]
  if (text.trim() === '') {
    return no({ code: 'BOOK_MISSING', message: 'Paste the address of a book, or a link to it.' })
  }
  if (found === undefined) {
    return no({
      code: 'ADDRESS_INVALID',
      message: 'There is no book’s address in this: 0x and 40 hexadecimal digits.',
    })
  }
  if (!isAddress(found)) {
    return no({
      code: 'ADDRESS_CHECKSUM',
      message: 'The address has a wrong checksum, so a character may be wrong. Copy it again.',
    })
  }
  return { ok: true, book: getAddress(found) }
}

function no(problem: { code: string; message: string }): BookReference {
  return { ok: false, problem }
}
