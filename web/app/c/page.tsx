import type { Metadata } from 'next'
import { OpenClaim } from '../../features/claim/OpenClaim.tsx'

export const metadata: Metadata = {
  title: 'Your coupons',
  robots: { index: false, follow: false },
}

export default function ClaimPage() {
  return <OpenClaim />
}
