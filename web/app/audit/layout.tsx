import type { ReactNode } from 'react'
import { Queries } from '../../chain/Queries.tsx'
import { InEnglish } from '../../words/Speaking.tsx'

// Not translated yet (docs/words.md).
export default function AuditLayout({ children }: { children: ReactNode }) {
  return (
    <InEnglish>
      <Queries>{children}</Queries>
    </InEnglish>
  )
}
