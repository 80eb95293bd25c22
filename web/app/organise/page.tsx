import type { Metadata } from 'next'
import { OrganiseHome } from '../../features/organise/OrganiseHome.tsx'

export const metadata: Metadata = { title: 'Organise' }

export default function OrganisePage() {
  return (
    <div className="stack-wide">
      <div className="stack">
        <h1>Organise</h1>
        <p className="soft">
          A book is made for one gathering. In it you open campaigns, one for each meal, draw where
          they are served, and issue coupons to a list of people.
        </p>
      </div>
      <OrganiseHome />
    </div>
  )
}
