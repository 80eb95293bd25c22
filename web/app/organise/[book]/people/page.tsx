import type { Metadata } from 'next'
import { WitnessPanel } from '../../../../features/organise/WitnessPanel.tsx'
import { bookOf } from '../../book-of.ts'

export const metadata: Metadata = { title: 'People and devices' }

export default async function PeoplePage({ params }: { params: Promise<{ book: string }> }) {
  return <WitnessPanel book={await bookOf(params)} />
}
