// A book rebuilt from its events alone, as an auditor would who has nothing but the logs.
import type { Interface } from 'ethers'

import { emptyState, type BookState } from './book.ts'
import { campaignOf } from './coupons.ts'
import { asBig, asText, type Value } from './outcome.ts'
import { happeningIn, type Log } from './reading.ts'
import { replayOn, termsIn } from './replay-campaign.ts'
import { ADMIN } from './roles.ts'
import { textOf } from './view.ts'

/** What the events tell, and where they contradict each other. */
export type Replay = { state: BookState; contradictions: string[] }

/** Rebuilds a book. What no event tells is as in a new one: the `contractURI` (ERC-7572's event has no arguments). */
export function replay({ abi, logs }: { abi: Interface; logs: readonly Log[] }): Replay {
  const state = emptyState()
  const contradictions: string[] = []
  for (const log of logs) {
    const { event, args } = happeningIn({ abi, log })
    const wrong = apply({ state, event, args, at: BigInt(log.blockTimestamp) })
    if (wrong !== undefined) contradictions.push(`${event}${textOf(args)}: ${wrong}`)
  }
  return { state, contradictions }
}

/** Takes one event in. Returns what is wrong with it. */
function apply({
  state,
  event,
  args,
  at,
}: {
  state: BookState
  event: string
  args: readonly Value[]
  at: bigint
}): string | undefined {
  const { campaigns, witnesses } = state
  switch (event) {
    case 'Initialized':
    case 'ContractURIUpdated':
    case 'RedemptionRefused':
      return undefined
    case 'RoleGranted':
    case 'RoleRevoked':
      return changeRole({ state, isGranted: event === 'RoleGranted', args })
    case 'DefaultAdminTransferScheduled':
      state.roles.handover = { newAdmin: asText(args[0]), schedule: asBig(args[1]) }
      return undefined
    case 'DefaultAdminTransferCanceled':
      return delete state.roles.handover ? undefined : 'nothing was offered'
    case 'WitnessAdded': {
      const key = asText(args[0])
      const [classes, site, validFrom, validUntil] = args.slice(1).map(asBig)
      witnesses.set(key, {
        key,
        classes: classes!,
        site: site!,
        validFrom: validFrom!,
        validUntil: validUntil!,
      })
      return undefined
    }
    case 'WitnessRemoved':
      return witnesses.delete(asText(args[0])) ? undefined : 'there was no such witness'
    case 'CampaignCreated': {
      const campaignId = asBig(args[0])
      campaigns.set(campaignId, campaignOf(termsIn(args[2])))
      return campaignId === BigInt(campaigns.size) ? undefined : 'it is not the next'
    }
    default: {
      const campaign = campaigns.get(asBig(args[0]))
      if (campaign === undefined) return 'there is no such campaign'
      return replayOn({ campaign, event, args: args.slice(1), at })
    }
  }
}

function changeRole({
  state: { roles },
  isGranted,
  args,
}: {
  state: BookState
  isGranted: boolean
  args: readonly Value[]
}): string | undefined {
  const [role, account] = [asText(args[0]), asText(args[1])]
  const members = roles.members.get(role) ?? new Set()
  roles.members.set(role, members)
  if (isGranted === members.has(account)) return 'it changes nothing'
  if (!isGranted) {
    members.delete(account)
    return undefined
  }
  members.add(account)
  // Who takes the book over was offered it; whatever was scheduled is done with.
  if (role === ADMIN) delete roles.handover
  return undefined
}
