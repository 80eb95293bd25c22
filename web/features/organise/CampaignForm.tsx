'use client'

import { useQuery } from '@tanstack/react-query'
import type { SubmitEvent } from 'react'
import type { Address } from 'viem'
import { useConfig } from '../../chain/config.tsx'
import { CostNote } from '../../chain/CostNote.tsx'
import type { useTransaction } from '../../chain/use-transaction.ts'
import { Button } from '../../ui/Button.tsx'
import { Choice, FieldGroup } from '../../ui/Field.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { Spinner } from '../../ui/Spinner.tsx'
import { fromTemplate } from './campaign-templates.ts'
import { CampaignBasics } from './CampaignBasics.tsx'
import { oracleQuery } from './oracle-query.ts'
import { siteProblems } from './places/site-problems.ts'
import { SiteEditor } from './places/SiteEditor.tsx'
import { PlanTable } from './PlanTable.tsx'
import { PolicyFields } from './PolicyFields.tsx'
import { RepeatDays } from './RepeatDays.tsx'
import { TemplateChoice } from './TemplateChoice.tsx'
import { useCampaignForm } from './use-campaign-form.ts'
import { needsPlace } from './vouching.ts'
import { WitnessChoice } from './WitnessChoice.tsx'

type Sending = Pick<ReturnType<typeof useTransaction>, 'transaction' | 'send'>
type Form = ReturnType<typeof useCampaignForm>

/** The form of new campaigns. The geofence is at the oracle before anything is signed. */
export function CampaignForm({ book, transaction, send }: { book: Address } & Sending) {
  const form = useCampaignForm({ book, transaction, send })
  const { draft, change, problems } = form
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    void form.submit()
  }
  return (
    <form className="stack-wide" onSubmit={submit} noValidate>
      <TemplateChoice
        onChoose={(template) =>
          change(fromTemplate({ template, draft, now: Math.floor(Date.now() / 1000) }))
        }
      />
      <CampaignBasics draft={draft} problems={problems.fields} onChange={change} />
      <RepeatDays draft={draft} onChange={change} />
      <WitnessChoice vouching={draft.vouching} onChange={(vouching) => change({ vouching })} />
      {needsPlace(draft.vouching) && <Place book={book} form={form} />}
      <FieldGroup
        legend="What will be made"
        hint="Read it before you sign: each by the clocks of its zone, and by UTC."
      >
        <PlanTable draft={draft} problems={problems} onPicks={(picks) => change({ picks })} />
      </FieldGroup>
      <Signing form={form} />
    </form>
  )
}

function Place({ book, form }: { book: Address; form: Form }) {
  const { draft, draftSites, change, problems, document } = form
  const oracle = useQuery(oracleQuery(useConfig()))
  return (
    <>
      <FieldGroup
        legend="Where"
        hint="Each place where these coupons are used. Some metres wider than the hall is right: phones are seldom exact."
        problem={problems.fields.place}
      >
        <SiteEditor
          book={book}
          draftSites={draftSites}
          problems={siteProblems(draft.sites)}
          document={document}
          onDocument={({ salt, policy, readers }) => change({ salt, policy, readers })}
        />
      </FieldGroup>
      <PolicyFields
        policy={draft.policy}
        offered={oracle.data?.ok === true ? oracle.data.answer.sources : undefined}
        onChange={(policy) => change({ policy })}
      />
      <FieldGroup legend="Who may read where the place is">
        <Choice
          type="radio"
          name="readers"
          label="Holders of these coupons"
          checked={draft.readers === 'holders'}
          onChange={() => change({ readers: 'holders' })}
        />
        <Choice
          type="radio"
          name="readers"
          label="Anybody"
          checked={draft.readers === 'anybody'}
          onChange={() => change({ readers: 'anybody' })}
        />
      </FieldGroup>
    </>
  )
}

function Signing({ form }: { form: Form }) {
  const { draft, problems, campaigns, call, isAsked, isBusy, isRegistering, refusal } = form
  const made = draft.otherDays.length + 1
  const count =
    Object.keys(problems.fields).length +
    Object.keys(problems.days).length +
    problems.geofence.length
  return (
    <div className="stack">
      <CostNote deed={deedText({ made, supply: campaigns?.[0]?.terms.supply })} call={call} />
      {isAsked && count > 0 && (
        <Notice
          kind="bad"
          title={`${count === 1 ? 'One thing is' : `${count} things are`} not right yet; see beside the fields.`}
        />
      )}
      <div className="row">
        <Button kind="main" type="submit" isBusy={isBusy}>
          {made === 1 ? 'Make the campaign' : `Make ${made} campaigns`}
        </Button>
        {needsPlace(draft.vouching) && draft.sites.length > 0 && (
          <Button onClick={form.save}>Save the geofence</Button>
        )}
      </div>
      {isRegistering && (
        <p className="row" role="status">
          <Spinner /> Giving the place to the oracle and comparing hashes…
        </p>
      )}
      {refusal && <Notice kind="bad" title={refusal.sentence} code={refusal.code} />}
    </div>
  )
}

function deedText({ made, supply }: { made: number; supply: bigint | undefined }): string {
  const coupons =
    supply === undefined ? '' : ` of at most ${supply.toLocaleString('en-GB')} coupons`
  return made === 1
    ? `A new campaign${coupons}: its window, its supply, who must vouch, and the hash of its place. After opening, only its end and its grace may still grow.`
    : `${made} new campaigns${coupons} each, all of them or none: their windows, their supply, who must vouch, and the hash of their place. After opening, only their end and their grace may still grow.`
}
