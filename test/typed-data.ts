// The EIP-712 messages of docs/protocol.md, written out once more with ethers alone.
import {
  recoverAddress,
  Signature,
  type Signer,
  type TypedDataDomain,
  TypedDataEncoder,
  ZeroAddress,
} from 'ethers'

export type Presence = {
  campaignId: bigint
  serial: bigint
  holder: string
  site: number
  geofenceHash: string
  observedAt: number
  validUntil: number
  evidenceHash: string
}

export type Redeem = { campaignId: bigint; serial: bigint; site: number; deadline: number }

export type Statement = {
  r: string
  vs: string
  geofenceHash: string
  observedAt: number
  validUntil: number
  evidenceHash: string
}

export const presenceTypes = {
  Presence: [
    { name: 'campaignId', type: 'uint256' },
    { name: 'serial', type: 'uint256' },
    { name: 'holder', type: 'address' },
    { name: 'site', type: 'uint16' },
    { name: 'geofenceHash', type: 'bytes32' },
    { name: 'observedAt', type: 'uint64' },
    { name: 'validUntil', type: 'uint64' },
    { name: 'evidenceHash', type: 'bytes32' },
  ],
}

export const redeemTypes = {
  Redeem: [
    { name: 'campaignId', type: 'uint256' },
    { name: 'serial', type: 'uint256' },
    { name: 'site', type: 'uint16' },
    { name: 'deadline', type: 'uint64' },
  ],
}

export function domainOf({
  book,
  chainId = 31337n,
}: {
  book: string
  chainId?: bigint
}): TypedDataDomain {
  return { name: 'Coupon Secure', version: '1', chainId, verifyingContract: book }
}

/** The witness's statement over this presence, as the contract takes it. */
export async function sign({
  witness,
  domain,
  presence,
}: {
  witness: Signer
  domain: TypedDataDomain
  presence: Presence
}): Promise<Statement> {
  const signature = Signature.from(await witness.signTypedData(domain, presenceTypes, presence))
  return {
    r: signature.r,
    vs: signature.yParityAndS,
    geofenceHash: presence.geofenceHash,
    observedAt: presence.observedAt,
    validUntil: presence.validUntil,
    evidenceHash: presence.evidenceHash,
  }
}

/** Who seems to have signed the statement for this presence: somebody nobody knows where it was made for another. */
export function signerOf({
  domain,
  presence,
  statement,
}: {
  domain: TypedDataDomain
  presence: Pick<Presence, 'campaignId' | 'serial' | 'holder' | 'site'>
  statement: Statement
}): string {
  const { r, vs, ...seen } = statement
  const digest = TypedDataEncoder.hash(domain, presenceTypes, { ...presence, ...seen })
  try {
    return recoverAddress(digest, { r, yParityAndS: vs })
  } catch {
    return ZeroAddress // no point of the curve, or no scalar of it
  }
}

/** The holder's permission to redeem, 64 bytes or 65. */
export async function permit({
  holder,
  domain,
  redeem,
  bytes = 64,
}: {
  holder: Signer
  domain: TypedDataDomain
  redeem: Redeem
  bytes?: 64 | 65
}): Promise<string> {
  const signature = Signature.from(await holder.signTypedData(domain, redeemTypes, redeem))
  return bytes === 64 ? signature.compactSerialized : signature.serialized
}
