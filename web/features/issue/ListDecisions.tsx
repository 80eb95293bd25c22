import { Choice, FieldGroup } from '../../ui/Field.tsx'
import type { countsOf, Decisions } from './plan.ts'

/** What the organiser has to decide of a list: nothing of it is assumed. */
export function ListDecisions({
  counts: { broken, doubtful, waiting, wallets, emails },
  isLinkAsked,
  decisions,
  onDecide,
}: {
  counts: ReturnType<typeof countsOf> & { wallets: number; emails: number }
  isLinkAsked: boolean
  decisions: Decisions
  onDecide: (decisions: Decisions) => void
}) {
  const rows = (count: number) =>
    count === 1 ? 'One row' : `${count.toLocaleString('en-GB')} rows`
  return (
    <div className="stack">
      {isLinkAsked && (
        <FieldGroup
          legend={
            waiting === 1 ? 'The row without a wallet:' : `The ${waiting} rows without a wallet:`
          }
        >
          <Choice
            type="radio"
            name="waiting"
            label="Make claim links"
            hint="A link for each person, to mail or to print: whoever opens it has the coupons, without any wallet."
            checked={decisions.waiting === 'links'}
            onChange={() => onDecide({ ...decisions, waiting: 'links' })}
          />
          <Choice
            type="radio"
            name="waiting"
            label="Leave them out"
            hint="They get nothing now; issue to them later from the same list."
            checked={decisions.waiting === 'leave'}
            onChange={() => onDecide({ ...decisions, waiting: 'leave' })}
          />
        </FieldGroup>
      )}
      {wallets > 0 && (
        <FieldGroup
          legend={`${rows(wallets)} ${wallets === 1 ? 'has' : 'have'} a wallet that came before. Such a wallet gets:`}
        >
          <Choice
            type="radio"
            name="repeated"
            label="One coupon of each campaign"
            checked={decisions.repeated === 'once'}
            onChange={() => onDecide({ ...decisions, repeated: 'once' })}
          />
          <Choice
            type="radio"
            name="repeated"
            label="Several, one for each row"
            checked={decisions.repeated === 'each'}
            onChange={() => onDecide({ ...decisions, repeated: 'each' })}
          />
        </FieldGroup>
      )}
      {emails > 0 && (
        <FieldGroup
          legend={`${rows(emails)} ${emails === 1 ? 'has' : 'have'} an e-mail that came before, and no wallet or another. Such an e-mail gets:`}
        >
          <Choice
            type="radio"
            name="repeated-email"
            label="One coupon of each campaign: it is the same person"
            checked={decisions.repeatedEmail === 'once'}
            onChange={() => onDecide({ ...decisions, repeatedEmail: 'once' })}
          />
          <Choice
            type="radio"
            name="repeated-email"
            label="Several, one for each row: people share it"
            checked={decisions.repeatedEmail === 'each'}
            onChange={() => onDecide({ ...decisions, repeatedEmail: 'each' })}
          />
        </FieldGroup>
      )}
      {doubtful > 0 && (
        <FieldGroup legend={`${doubtful} doubtful ${doubtful === 1 ? 'row' : 'rows'}:`}>
          <Choice
            type="radio"
            name="doubtful"
            label="Leave out"
            checked={decisions.doubtful === 'leave'}
            onChange={() => onDecide({ ...decisions, doubtful: 'leave' })}
          />
          <Choice
            type="radio"
            name="doubtful"
            label="Take as they are"
            checked={decisions.doubtful === 'take'}
            onChange={() => onDecide({ ...decisions, doubtful: 'take' })}
          />
        </FieldGroup>
      )}
      {broken > 0 && (
        <Choice
          label={`Leave out the ${broken} broken ${broken === 1 ? 'row' : 'rows'}`}
          hint="Or mend them in the file and choose it again."
          checked={decisions.leavesBroken}
          onChange={(event) => onDecide({ ...decisions, leavesBroken: event.target.checked })}
        />
      )}
    </div>
  )
}
