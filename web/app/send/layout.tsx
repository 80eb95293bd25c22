import type { ReactNode } from 'react'
import { Queries } from '../../chain/Queries.tsx'

export default function SendLayout({ children }: { children: ReactNode }) {
  return <Queries>{children}</Queries>
}
