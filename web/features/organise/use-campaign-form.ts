'use client'

import { couponBookAbi } from '@coupon-secure/protocol/abi'
import { defaultPolicy } from '@coupon-secure/protocol/geofence'
import { useState } from 'react'
import { type Address, encodeFunctionData } from 'viem'
import { useConfig } from '../../chain/config.tsx'
import { downloadGeofence, keepGeofence } from '../../chain/kept-geofences.ts'
import type { useTransaction } from '../../chain/use-transaction.ts'
import { ownZone } from '../../ui/zones.ts'
import {
  type CampaignDraft,
  type CampaignProblems,
  checkCampaigns,
  checkPlace,
  type NewCampaign,
} from './campaign-draft.ts'
import { randomSalt } from './new-book.ts'
import { registerGeofence } from './oracle-client.ts'
import { useSites } from './places/use-sites.ts'
import { localOf } from './zoned-time.ts'

const HOUR = 3600
const NO_PROBLEMS: CampaignProblems = { fields: {}, days: {}, geofence: [] }
// What is merely not there yet is no mistake before somebody asks for the campaign.
const NOT_YET = ['NAME_MISSING', 'TIME_MISSING', 'GEOFENCE_MISSING']

type Typed = Omit<CampaignDraft, 'sites'>
type Sending = Pick<ReturnType<typeof useTransaction>, 'transaction' | 'send'>

/** The draft of new campaigns, what is wrong with it, and the way from it to the oracle and the chain. */
export function useCampaignForm({ book, transaction, send }: { book: Address } & Sending) {
  const config = useConfig()
  const [typed, setTyped] = useState<Typed>(freshDraft)
  const draftSites = useSites()
  const [isAsked, setIsAsked] = useState(false)
  const [isRegistering, setIsRegistering] = useState(false)
  const [refusal, setRefusal] = useState<{ code: string; sentence: string }>()

  const draft: CampaignDraft = { ...typed, sites: draftSites.sites }
  const checked = checkCampaigns({ draft, now: nowSeconds() })
  const problems = checked.ok ? NO_PROBLEMS : checked.problems
  const change = (part: Partial<Typed>) => setTyped((last) => ({ ...last, ...part }))

  const submit = async () => {
    setIsAsked(true)
    setRefusal(undefined)
    if (!checked.ok) return
    const { campaigns, document } = checked
    if (document !== undefined) {
      // It is at the oracle before anything is signed: nobody signs for a place that no oracle would take.
      setIsRegistering(true)
      const registered = await registerGeofence({ oracleUrl: config.oracleUrl, document })
      setIsRegistering(false)
      if (!registered.ok) return setRefusal(registered)
      keepGeofence({ hash: registered.answer, document })
    }
    const [campaign, ...others] = campaigns
    const receipt =
      campaign && others.length === 0
        ? await send(callOfOne({ book, campaign }))
        : await send(callOfMany({ book, campaigns }))
    if (receipt === undefined) return
    setIsAsked(false)
    setTyped((last) => ({ ...freshDraft(), ...keptOf(last) }))
  }

  const save = () => {
    const { document } = checkPlace(draft)
    if (document === undefined) setIsAsked(true)
    else downloadGeofence({ name: draft.name, document })
  }

  return {
    draft,
    draftSites,
    change,
    problems: isAsked ? problems : withoutMissing(problems),
    document: checkPlace(draft).document,
    campaigns: checked.ok ? checked.campaigns : undefined,
    call: checked.ok ? plannedCall({ book, campaigns: checked.campaigns }) : undefined,
    submit,
    save,
    isAsked,
    isRegistering,
    refusal,
    isBusy: isRegistering || transaction.step === 'asking' || transaction.step === 'sent',
  }
}

/** A call that wallets can show: its name and its terms. */
function callOfOne({ book, campaign: { name, terms } }: { book: Address; campaign: NewCampaign }) {
  return {
    abi: couponBookAbi,
    address: book,
    functionName: 'createCampaign',
    args: [name, terms, ''],
  } as const
}

/** Several in one call, which makes all of them or none. */
function callOfMany({ book, campaigns }: { book: Address; campaigns: readonly NewCampaign[] }) {
  const calls = campaigns.map((campaign) => encodeFunctionData(callOfOne({ book, campaign })))
  return { abi: couponBookAbi, address: book, functionName: 'multicall', args: [calls] } as const
}

function plannedCall({ book, campaigns }: { book: Address; campaigns: readonly NewCampaign[] }) {
  const [campaign, ...others] = campaigns
  return campaign && others.length === 0
    ? callOfOne({ book, campaign })
    : callOfMany({ book, campaigns })
}

function withoutMissing({ fields, days, geofence }: CampaignProblems): CampaignProblems {
  const told = Object.entries(fields).filter(([, { code }]) => !NOT_YET.includes(code))
  return { fields: Object.fromEntries(told), days, geofence }
}

function nowSeconds(): number {
  return Math.floor(Date.now() / 1000)
}

function freshDraft(): Typed {
  const zone = ownZone()
  const nextHour = Math.ceil(Date.now() / 1000 / HOUR) * HOUR
  return {
    name: '',
    opensAt: localOf({ seconds: nextHour, zone }),
    closesAt: localOf({ seconds: nextHour + 2 * HOUR, zone }),
    heldUntil: '',
    zone,
    picks: {},
    otherDays: [],
    supply: '100',
    graceHours: '2',
    vouching: 'location',
    readers: 'holders',
    salt: randomSalt(),
    policy: defaultPolicy,
  }
}

/** The next meal is often at the same places, for as many: those stay. The salt does not. */
function keptOf({ zone, supply, readers, vouching, policy }: Typed) {
  return { zone, supply, readers, vouching, policy }
}
