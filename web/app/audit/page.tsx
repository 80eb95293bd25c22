import type { Metadata } from 'next'
import { ChooseBook } from '../../features/home/ChooseBook.tsx'

export const metadata: Metadata = { title: 'Audit' }

export default function AuditPage() {
  return (
    <div className="stack-wide">
      <h1>Audit a book</h1>
      <p>Every coupon issued, used and taken back, read from the chain. No wallet is needed.</p>
      <ChooseBook door="audit" />
    </div>
  )
}
