import { isStandby } from '@coupon-secure/protocol/coupon'
import { AddressText } from '../../../ui/AddressText.tsx'
import { Notice } from '../../../ui/Notice.tsx'
import { Table } from '../../../ui/Table.tsx'
import type { PickProblem } from './pick.ts'
import type { TakenBack } from './take-back-draft.ts'

const MOST_SHOWN = 20

/** The coupons that will be taken back, and who gets each of them. */
export function PickedTable({ taken: { coupons, holders, isGiven } }: { taken: TakenBack }) {
  const shown = coupons.slice(0, MOST_SHOWN)
  const heads = ['Coupon', 'Holder now', ...(isGiven ? ['New holder'] : [])]
  return (
    <div className="stack">
      <p role="status">
        <strong>
          {coupons.length.toLocaleString('en-GB')} unused coupon{coupons.length === 1 ? '' : 's'}
        </strong>{' '}
        will be taken back.
      </p>
      <Table caption="The coupons that will be taken back" head={heads}>
        {shown.map(({ serial, holder }, place) => {
          const next = holders[place]
          return (
            <tr key={String(serial)}>
              <td>
                {String(serial)}
                {isStandby(serial) && <span className="soft small"> standby</span>}
              </td>
              <td>
                <AddressText address={holder} />
              </td>
              {isGiven && <td>{next === undefined ? '–' : <AddressText address={next} />}</td>}
            </tr>
          )
        })}
      </Table>
      {coupons.length > MOST_SHOWN && (
        <p className="soft small">
          And {(coupons.length - MOST_SHOWN).toLocaleString('en-GB')} more.
        </p>
      )}
    </div>
  )
}

/** What in a list names nothing that could be done. */
export function ProblemList({ problems }: { problems: readonly PickProblem[] }) {
  if (problems.length === 0) return null
  const more = problems.length - MOST_SHOWN
  return (
    <Notice
      kind="warn"
      title={
        problems.length === 1
          ? 'One entry does not count:'
          : `${problems.length.toLocaleString('en-GB')} entries do not count:`
      }
    >
      <ul>
        {problems.slice(0, MOST_SHOWN).map(({ entry, code, message }, place) => (
          <li key={`${entry}.${place}`}>
            <bdi>{entry}</bdi>: {message} <code>{code}</code>
          </li>
        ))}
      </ul>
      {more > 0 && <p>And {more.toLocaleString('en-GB')} more.</p>}
    </Notice>
  )
}
