import type { Metadata } from 'next'
import { OpenHanded } from '../../features/send/OpenHanded.tsx'

export const metadata: Metadata = { title: 'Send a coupon' }

export default function SendPage() {
  return <OpenHanded />
}
