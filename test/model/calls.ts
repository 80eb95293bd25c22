// What can be said to a book, as plain facts: who signed what is told, not hidden in bytes. Addresses and hashes are lower-case hex.

export type Address = string

/** What a campaign promises, times in unix seconds. */
export type Terms = {
  opensAt: bigint
  closesAt: bigint
  heldUntil: bigint
  grace: bigint
  supply: bigint
  sites: bigint
  requiredWitnesses: bigint
  geofenceHash: string
}

/** A key that vouches for presence. */
export type Witness = {
  key: Address
  classes: bigint
  site: bigint
  validFrom: bigint
  validUntil: bigint
}

/** A shard as somebody knows it: its number and its list. */
export type Tree = { index: bigint; holders: readonly Address[] }

/** A shard's root as a call names it; `bytes` is what the chain is told, and may be anything where `tree` is missing. */
export type Root = { tree?: Tree; bytes: string }

/** The nodes beside the way of a seat: the first `take` of them, then junk; `isTorn` spoils the first. */
export type Proof = { tree: Tree; seat: number; take: number; junk: number; isTorn: boolean }

/** The part of a statement that travels with it. */
export type Observation = {
  geofenceHash: string
  observedAt: bigint
  validUntil: bigint
  evidenceHash: string
}

/** What a statement is about, and for which book. */
export type Presence = Observation & {
  campaignId: bigint
  serial: bigint
  holder: Address
  site: bigint
  isElsewhere: boolean
}

/**
 * A statement: `signer` signed `signed`, and `told` is what the call says of it. `seems` is the key that seems to have
 * signed where the call is about something else.
 */
export type Statement = {
  signer: Address
  signed: Presence
  told: Observation
  isBroken: boolean
  seems: Address
  bytes: { r: string; vs: string }
}

/** What a holder permits, and for which book. */
export type Redeem = {
  campaignId: bigint
  serial: bigint
  site: bigint
  deadline: bigint
  isElsewhere: boolean
}

/** A holder's signature over `signed`, in 64 bytes or 65. */
export type Permit = {
  signer: Address
  signed: Redeem
  isBroken: boolean
  isCompact: boolean
  seems: Address
  bytes: string
}

/** One redemption of a batch. */
export type Item = {
  serial: bigint
  deadline: bigint
  statementCount: number
  proof: Proof
  permit: Permit
}

/** A coupon and what is needed to use it. */
export type Visit = {
  campaignId: bigint
  serial: bigint
  site: bigint
  statements: readonly Statement[]
  proof: Proof
}

/** Coupons of one shard that are taken back. */
export type Recall = {
  campaignId: bigint
  root: Root
  serials: readonly bigint[]
  reason: string
}

type Each<Name extends string, Facts> = Name extends string ? { to: Name } & Facts : never

/** One call to the book. */
export type Call =
  | { to: 'createCampaign'; name: string; terms: Terms; details: string }
  | { to: 'changeTerms'; campaignId: bigint; terms: Terms }
  | Each<'issue' | 'issueStandby', { campaignId: bigint; holders: readonly string[] }>
  | ({ to: 'redeem' } & Visit)
  | ({ to: 'redeemFor'; holder: Address; deadline: bigint; permit: Permit } & Visit)
  | {
      to: 'redeemBatch'
      campaignId: bigint
      site: bigint
      items: readonly Item[]
      /** How many bytes are missing at the end. */
      cut: number
      statements: readonly Statement[]
    }
  | ({ to: 'revoke' } & Recall)
  | ({ to: 'reallot'; holders: readonly string[] } & Recall)
  | Each<'pause' | 'resume', { campaignId: bigint }>
  | Each<'release' | 'close', { campaignId: bigint; roots: readonly Root[] }>
  | { to: 'addWitness'; witness: Witness }
  | { to: 'removeWitness'; key: Address }
  | Each<'grantRole' | 'revokeRole' | 'renounceRole', { role: string; account: Address }>
  | { to: 'beginDefaultAdminTransfer'; newAdmin: Address }
  | { to: 'cancelDefaultAdminTransfer' }
  | { to: 'acceptDefaultAdminTransfer' }
  | { to: 'changeDefaultAdminDelay'; delay: bigint }
  | { to: 'rollbackDefaultAdminDelay' }
  | { to: 'setContractURI'; uri: string }
  | { to: 'initialize'; admin: Address }
  | { to: 'nothing'; selector: string }
  | { to: 'multicall'; calls: readonly Call[] }

/** A call, who sends it, and the second of its block. */
export type Step = { at: bigint; sender: Address; call: Call }
