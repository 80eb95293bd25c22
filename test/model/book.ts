// A book as the documents describe it: what each call does, or the error that ends it.
import { close, issue, reallot, release, revoke } from './allotment.ts'
import type { Address, Call, Step, Witness } from './calls.ts'
import {
  changeTerms,
  createCampaign,
  pause,
  resume,
  type Answer,
  type Campaigns,
} from './campaigns.ts'
import { Refused, refuse, type Outcome } from './outcome.ts'
import { redeem, redeemBatch, redeemFor, type Scene } from './redemptions.ts'
import { ADMIN, changeRoles, GUARDIAN, hasRole, MANAGER, requireRole, type Roles } from './roles.ts'
import { addWitness, removeWitness, type Witnesses } from './witnesses.ts'

/** All that a book keeps. */
export type BookState = {
  campaigns: Campaigns
  witnesses: Witnesses
  roles: Roles
  contractURI: string
}

/** A book with nothing in it, and nobody to look after it. */
export function emptyState(): BookState {
  return {
    campaigns: new Map(),
    witnesses: new Map(),
    roles: { members: new Map() },
    contractURI: '',
  }
}

/** A book, and what happens when it is called. */
export class Book {
  state = emptyState()
  readonly #owners: ReadonlyMap<Address, Address>

  /** `owners` are those who sign for holders that are contracts. */
  constructor({
    admin,
    witnesses,
    owners,
    now,
  }: {
    admin: Address
    witnesses: readonly Witness[]
    owners: ReadonlyMap<Address, Address>
    now: bigint
  }) {
    for (const role of [ADMIN, MANAGER]) this.state.roles.members.set(role, new Set([admin]))
    for (const witness of witnesses) {
      addWitness({ witnesses: this.state.witnesses, witness, now })
    }
    this.#owners = owners
  }

  /** What this call does: all of it, or nothing but an error. */
  take({ call, sender, at }: Step): Outcome {
    const before = copyOf(this.state)
    try {
      const { events, returns = [] } = this.#answer({ call, sender, now: at })
      return { events, returns }
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      this.state = before
      return { fault: error.fault }
    }
  }

  /** What a redemption by this sender at that time is judged by. */
  scene({ sender, now }: { sender: Address; now: bigint }): Scene {
    const { campaigns, witnesses } = this.state
    return { campaigns, witnesses, owners: this.#owners, sender, now }
  }

  #answer({ call, sender, now }: { call: Call; sender: Address; now: bigint }): Answer {
    const { campaigns, roles, witnesses } = this.state
    requirePermission({ roles, call, sender })
    const scene = this.scene({ sender, now })
    switch (call.to) {
      case 'createCampaign':
        return createCampaign({ campaigns, call, now })
      case 'changeTerms':
        return changeTerms({ campaigns, call, now })
      case 'issue':
      case 'issueStandby':
        return issue({ campaigns, call, now })
      case 'redeem':
        return { events: redeem({ scene, call }) }
      case 'redeemFor':
        return { events: redeemFor({ scene, call }) }
      case 'redeemBatch':
        return redeemBatch({ scene, call })
      case 'revoke':
        return revoke({ campaigns, call, now })
      case 'reallot':
        return reallot({ campaigns, call, now })
      case 'pause':
        return pause({ campaigns, call, now })
      case 'resume':
        return resume({ campaigns, call, now })
      case 'release':
        return release({ campaigns, call, now })
      case 'close':
        return close({ campaigns, call, now })
      case 'addWitness':
        return { events: addWitness({ witnesses, witness: call.witness, now }) }
      case 'removeWitness':
        return { events: removeWitness({ witnesses, key: call.key }) }
      case 'setContractURI':
        this.state.contractURI = call.uri
        return { events: [{ event: 'ContractURIUpdated', args: [] }] }
      case 'initialize':
        return refuse({ error: 'InvalidInitialization', args: [] })
      case 'nothing':
        return refuse({ error: 'UnknownFunction', args: [call.selector] })
      case 'multicall': {
        // Each by the same sender in the same second; one that fails ends all.
        const answers = call.calls.map((one) => this.#answer({ call: one, sender, now }))
        return {
          events: answers.flatMap(({ events }) => events),
          returns: [answers.map(({ returns = [] }) => returns)],
        }
      }
      default:
        return { events: changeRoles({ roles, call, sender, now }) }
    }
  }
}

/** Who may send what; what is not named here anybody may, or says so itself. */
function requirePermission({
  roles,
  call,
  sender,
}: {
  roles: Roles
  call: Call
  sender: Address
}): void {
  switch (call.to) {
    case 'createCampaign':
    case 'changeTerms':
    case 'issue':
    case 'issueStandby':
    case 'revoke':
    case 'reallot':
      return requireRole({ roles, role: MANAGER, sender })
    case 'resume':
    case 'addWitness':
    case 'setContractURI':
      return requireRole({ roles, role: ADMIN, sender })
    case 'pause':
    case 'removeWitness':
      if (hasRole({ roles, role: ADMIN, account: sender })) return
      return requireRole({ roles, role: GUARDIAN, sender })
    default:
  }
}

/** The state as it is now; lists of holders and terms are never changed, only replaced. */
function copyOf({ campaigns, witnesses, roles, contractURI }: BookState): BookState {
  const copied = [...campaigns].map(([campaignId, campaign]) => {
    const [shards, standby] = [campaign.shards, campaign.standby].map((list) =>
      list.map((shard) => ({ ...shard, statuses: [...shard.statuses] })),
    )
    return [campaignId, { ...campaign, shards: shards!, standby: standby! }] as const
  })
  const members = [...roles.members].map(([role, accounts]) => [role, new Set(accounts)] as const)
  return {
    campaigns: new Map(copied),
    witnesses: new Map(witnesses),
    roles: { ...roles, members: new Map(members) },
    contractURI,
  }
}
