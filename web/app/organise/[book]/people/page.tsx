import type { Metadata } from 'next'
import { PausePanel } from '../../../../features/organise/people/PausePanel.tsx'
import { RolePanel } from '../../../../features/organise/people/RolePanel.tsx'
import { WitnessPanel } from '../../../../features/organise/WitnessPanel.tsx'
import { bookOf } from '../../book-of.ts'

export const metadata: Metadata = { title: 'People and devices' }

export default async function PeoplePage({ params }: { params: Promise<{ book: string }> }) {
  const book = await bookOf(params)
  return (
    <div className="stack-wide">
      <WitnessPanel book={book} />
      <RolePanel book={book} />
      <PausePanel book={book} />
    </div>
  )
}
