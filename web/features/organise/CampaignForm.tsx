'use client'

import { couponBookAbi } from '@coupon-secure/protocol/abi'
import { defaultPolicy } from '@coupon-secure/protocol/geofence'
import { type SubmitEvent, useState } from 'react'
import type { Address } from 'viem'
import { useConfig } from '../../chain/config.tsx'
import type { useTransaction } from '../../chain/use-transaction.ts'
import { Button } from '../../ui/Button.tsx'
import { Choice, FieldGroup } from '../../ui/Field.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { Spinner } from '../../ui/Spinner.tsx'
import {
  type CampaignDraft,
  type CampaignProblems,
  checkCampaign,
  checkPlace,
} from './campaign-draft.ts'
import { CampaignBasics } from './CampaignBasics.tsx'
import { randomSalt } from './new-book.ts'
import { registerGeofence } from './oracle-client.ts'
import { PolicyFields } from './PolicyFields.tsx'
import { downloadGeofence, keepGeofence } from '../../chain/kept-geofences.ts'
import { siteProblems } from './places/site-problems.ts'
import { SiteEditor } from './places/SiteEditor.tsx'
import { useSites } from './places/use-sites.ts'
import { ownZone } from '../../ui/zones.ts'
import { localOf } from './zoned-time.ts'

const HOUR = 3600
const NO_PROBLEMS: CampaignProblems = { fields: {}, geofence: [] }

type Sending = Pick<ReturnType<typeof useTransaction>, 'transaction' | 'send'>

/** The form of a new campaign. The geofence is at the oracle before anything is signed. */
export function CampaignForm({ book, transaction, send }: { book: Address } & Sending) {
  const config = useConfig()
  const [typed, setDraft] = useState(freshDraft)
  const draftSites = useSites()
  const draft: CampaignDraft = { ...typed, sites: draftSites.sites }
  const [isAsked, setIsAsked] = useState(false)
  const [isRegistering, setIsRegistering] = useState(false)
  const [refusal, setRefusal] = useState<{ code: string; sentence: string }>()

  // Once asked for, what is wrong follows the typing.
  const asked = isAsked ? checkCampaign({ draft, now: nowSeconds() }) : undefined
  const problems = asked?.ok === false ? asked.problems : NO_PROBLEMS
  const change = (part: Partial<CampaignDraft>) => setDraft((last) => ({ ...last, ...part }))

  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    setIsAsked(true)
    setRefusal(undefined)
    const checked = checkCampaign({ draft, now: nowSeconds() })
    if (!checked.ok) return
    const { name, terms, document } = checked.campaign

    if (document !== undefined) {
      setIsRegistering(true)
      const registered = await registerGeofence({ oracleUrl: config.oracleUrl, document })
      setIsRegistering(false)
      if (!registered.ok) return setRefusal(registered)
      keepGeofence({ hash: registered.answer, document })
    }
    const receipt = await send({
      abi: couponBookAbi,
      address: book,
      functionName: 'createCampaign',
      args: [name, terms, ''],
    })
    if (receipt === undefined) return
    setIsAsked(false)
    setDraft((last) => ({ ...freshDraft(), ...keptOf(last) }))
  }

  const save = () => {
    const { document } = checkPlace(draft)
    if (document === undefined) setIsAsked(true)
    else downloadGeofence({ name: draft.name, document })
  }

  const isBusy = isRegistering || transaction.step === 'asking' || transaction.step === 'sent'
  const place = checkPlace(draft)
  const count = Object.keys(problems.fields).length + problems.geofence.length
  return (
    <form className="stack-wide" onSubmit={(event) => void submit(event)} noValidate>
      <CampaignBasics draft={draft} problems={problems.fields} onChange={change} />
      <FieldGroup legend="Where" problem={problems.fields.place}>
        <Choice
          label="The holder must be at the place"
          hint="The oracle then vouches where they are, and the contract asks for it."
          checked={draft.needsPlace}
          onChange={(event) => change({ needsPlace: event.target.checked })}
        />
        {draft.needsPlace && (
          <SiteEditor
            book={book}
            draftSites={draftSites}
            problems={siteProblems(draft.sites)}
            document={place.document}
            onDocument={({ salt, policy, readers }) => change({ salt, policy, readers })}
          />
        )}
      </FieldGroup>
      {draft.needsPlace && (
        <PolicyFields policy={draft.policy} onChange={(policy) => change({ policy })} />
      )}
      {draft.needsPlace && (
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
      )}
      <div className="stack">
        <p className="soft small">
          Your wallet will ask once. You sign the window, the supply and the hash of the place; the
          network takes a small fee. After opening, only the end and the grace may still grow.
        </p>
        {count > 0 && (
          <Notice
            kind="bad"
            title={`${count === 1 ? 'One thing is' : `${count} things are`} not right yet; see beside the fields.`}
          />
        )}
        <div className="row">
          <Button kind="main" type="submit" isBusy={isBusy}>
            Make the campaign
          </Button>
          {draft.needsPlace && draft.sites.length > 0 && (
            <Button onClick={save}>Save the geofence</Button>
          )}
        </div>
        {isRegistering && (
          <p className="row" role="status">
            <Spinner /> Giving the place to the oracle and comparing hashes…
          </p>
        )}
        {refusal && <Notice kind="bad" title={refusal.sentence} code={refusal.code} />}
      </div>
    </form>
  )
}

function nowSeconds(): number {
  return Math.floor(Date.now() / 1000)
}

function freshDraft(): Omit<CampaignDraft, 'sites'> {
  const zone = ownZone()
  const nextHour = Math.ceil(Date.now() / 1000 / HOUR) * HOUR
  return {
    name: '',
    opensAt: localOf({ seconds: nextHour, zone }),
    closesAt: localOf({ seconds: nextHour + 2 * HOUR, zone }),
    heldUntil: '',
    zone,
    supply: '100',
    graceHours: '2',
    needsPlace: true,
    readers: 'holders',
    salt: randomSalt(),
    policy: defaultPolicy,
  }
}

/** The next meal is often at the same places, for as many: those stay. The salt does not. */
function keptOf({ zone, supply, readers, needsPlace, policy }: Omit<CampaignDraft, 'sites'>) {
  return { zone, supply, readers, needsPlace, policy }
}
