'use client'

import dynamic from 'next/dynamic'
import { useShellWords } from '../../words/Speaking.tsx'

const ChooseBook = dynamic(
  async () => {
    const [{ Queries }, { ChooseBook }] = await Promise.all([
      import('../../chain/Queries.tsx'),
      import('./ChooseBook.tsx'),
    ])
    return function Mine() {
      return (
        <Queries>
          <ChooseBook door="redeem" />
        </Queries>
      )
    }
  },
  { ssr: false, loading: () => <Looking /> },
)

/** A holder's choice of a book; what reads the chain comes after the page's first words. */
export function ChooseMine() {
  return <ChooseBook />
}

function Looking() {
  return <p role="status">{useShellWords().say('pocket.looking')}</p>
}
