import type { ReactNode } from 'react'
import { InEnglish } from '../../words/Speaking.tsx'

// Not translated yet (docs/words.md).
export default function AuditLayout({ children }: { children: ReactNode }) {
  return <InEnglish>{children}</InEnglish>
}
