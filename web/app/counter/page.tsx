import type { Metadata } from 'next'
import { ChooseBook } from '../../features/home/ChooseBook.tsx'

export const metadata: Metadata = { title: 'Counter' }

export default function CounterPage() {
  return (
    <div className="stack-wide">
      <h1>Serve at a counter</h1>
      <p>Choose the book whose coupons are used here.</p>
      <ChooseBook door="counter" />
    </div>
  )
}
