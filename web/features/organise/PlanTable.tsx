'use client'

import { Problem } from '../../ui/Field.tsx'
import { rangeText } from '../../ui/range-text.ts'
import { Table } from '../../ui/Table.tsx'
import { plannedDays } from './campaign-days.ts'
import type { CampaignDraft, CampaignProblems } from './campaign-draft.ts'
import { momentOf, type Picks } from './campaign-window.ts'
import { WhichOfTwo } from './ZonedField.tsx'

/** What will be made, campaign by campaign, each by the clock of its zone and by UTC: read before anything is signed. */
export function PlanTable({
  draft,
  problems,
  onPicks,
}: {
  draft: CampaignDraft
  problems: CampaignProblems
  onPicks: (picks: Picks) => void
}) {
  const { zone, picks } = draft
  const first = draft.opensAt.slice(0, 10)
  const name = draft.name.trim() || 'Without a name'
  const planned = plannedDays({ name, times: draft, otherDays: draft.otherDays })
  return (
    <Table caption="What will be made" head={['Campaign', `By clocks in ${zone}`, 'By UTC']}>
      {planned.map((each) => {
        const [opens, closes] = [each.times.opensAt, each.times.closesAt].map((local) =>
          momentOf({ local, zone, picks }),
        )
        const window =
          opens?.ok && closes?.ok && opens.seconds < closes.seconds
            ? { from: opens.seconds, to: closes.seconds }
            : undefined
        const problem = problems.days[each.day]
        return (
          <tr key={each.day}>
            <td>{each.name}</td>
            {window ? (
              <>
                <td>{rangeText({ ...window, zone })}</td>
                <td>{rangeText({ ...window, zone: 'UTC' })}</td>
              </>
            ) : (
              <td colSpan={2}>
                {problem ? (
                  <>
                    <Problem problem={problem} />
                    {[...new Set(Object.values(each.times))].map((local) => (
                      <WhichOfTwo key={local} {...{ local, zone, picks, onPicks }} />
                    ))}
                  </>
                ) : (
                  'Not made as it stands: see beside the fields.'
                )}
              </td>
            )}
            {window && problem && each.day !== first && (
              <td>
                <Problem problem={problem} />
              </td>
            )}
          </tr>
        )
      })}
    </Table>
  )
}
