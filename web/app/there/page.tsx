import type { Metadata } from 'next'
import { OpenThere } from '../../features/redeem/OpenThere.tsx'

export const metadata: Metadata = {
  title: 'Where are you?',
  robots: { index: false, follow: false },
}

export default function TherePage() {
  return <OpenThere />
}
