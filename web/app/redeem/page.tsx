import type { Metadata } from 'next'
import { Queries } from '../../chain/Queries.tsx'
import { ChooseBook } from '../../features/home/ChooseBook.tsx'
import { ChooseHead } from '../../features/home/ChooseHead.tsx'

export const metadata: Metadata = { title: 'Redeem' }

export default function RedeemPage() {
  return (
    <div className="stack-wide">
      <ChooseHead />
      <Queries>
        <ChooseBook door="redeem" />
      </Queries>
    </div>
  )
}
