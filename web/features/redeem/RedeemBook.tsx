'use client'

import dynamic from 'next/dynamic'
import type { Address } from 'viem'
import { useShellWords } from '../../words/Speaking.tsx'

// Apart from the first load, so that the page answers before the code that reads the chain has come. In the browser
// alone: by then a wallet may have announced itself, of which the server knows nothing.
const BookPocket = dynamic(async () => (await import('./BookPocket.tsx')).BookPocket, {
  ssr: false,
  loading: () => <Opening />,
})

/** A holder's view of one book: connect, see one's coupons, use one. */
export function RedeemBook({ book }: { book: Address }) {
  return <BookPocket book={book} />
}

function Opening() {
  return <p role="status">{useShellWords().say('opening.book')}</p>
}
