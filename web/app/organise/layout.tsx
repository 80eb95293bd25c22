import type { ReactNode } from 'react'
import { Wallets } from '../../chain/Wallets.tsx'
import { InEnglish } from '../../words/Speaking.tsx'

// Not translated yet (docs/words.md).
export default function OrganiseLayout({ children }: { children: ReactNode }) {
  return (
    <InEnglish>
      <Wallets>{children}</Wallets>
    </InEnglish>
  )
}
