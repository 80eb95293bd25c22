import type { Address } from 'viem'
import { ButtonLink } from '../../../ui/Button.tsx'
import { Notice } from '../../../ui/Notice.tsx'
import type { Alert } from './alerts.ts'

const DOORS = {
  campaigns: { path: '', label: 'Open the campaigns' },
  leftovers: { path: '/leftovers', label: 'Open the leftovers' },
  people: { path: '/people', label: 'Open people and devices' },
} as const

/** What asks for somebody now, each with what to do next; where nothing does, it says so. */
export function AlertList({ book, alerts }: { book: Address; alerts: readonly Alert[] }) {
  return (
    <section className="stack" aria-labelledby="alerts">
      <h3 id="alerts">What needs you</h3>
      {alerts.length === 0 && <Notice kind="good" title="Nothing. All goes as planned." />}
      {alerts.map(({ code, kind, title, next, door, campaignId }) => (
        <Notice
          key={`${code}.${title}`}
          kind={kind}
          title={title}
          code={code}
          action={
            door && (
              <ButtonLink
                href={`/organise/${book}${DOORS[door].path}${campaignId === undefined ? '' : `?campaign=${campaignId}`}`}
              >
                {DOORS[door].label}
              </ButtonLink>
            )
          }
        >
          <p>{next}</p>
        </Notice>
      ))}
    </section>
  )
}
