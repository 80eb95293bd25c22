import type { Metadata } from 'next'
import { ChooseBook } from '../../features/home/ChooseBook.tsx'

export const metadata: Metadata = { title: 'Redeem' }

export default function RedeemPage() {
  return (
    <div className="stack-wide">
      <h1>Use a coupon</h1>
      <p>Whose coupons do you hold? Choose the gathering’s book, or paste what you were given.</p>
      <ChooseBook door="redeem" />
    </div>
  )
}
