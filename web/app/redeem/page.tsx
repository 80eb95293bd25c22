import type { Metadata } from 'next'
import { ChooseHead } from '../../features/home/ChooseHead.tsx'
import { ChooseMine } from '../../features/home/ChooseMine.tsx'

export const metadata: Metadata = { title: 'Redeem' }

export default function RedeemPage() {
  return (
    <div className="stack-wide">
      <ChooseHead />
      <ChooseMine />
    </div>
  )
}
