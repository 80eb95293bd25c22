import {
  domainOf,
  hashPresence,
  hashRedeem,
  type Presence,
  type Redeem,
} from '@coupon-secure/protocol/presence'
import * as secp256k1 from 'tiny-secp256k1'
import {
  type Address,
  bytesToHex,
  concatHex,
  domainSeparator,
  type Hex,
  hexToBytes,
  keccak256,
  numberToHex,
  padHex,
  stringToHex,
} from 'viem'
import { CHAIN_ID } from './oracle-stage.ts'

// A hundred thousand EIP-712 digests, written out: viem's, which are asked once whether they are the same, take ten times as long.

const REDEEM = keccak256(
  stringToHex('Redeem(uint256 campaignId,uint256 serial,uint16 site,uint64 deadline)'),
)
const PRESENCE = keccak256(
  stringToHex(
    'Presence(uint256 campaignId,uint256 serial,address holder,uint16 site,bytes32 geofenceHash,uint64 observedAt,uint64 validUntil,bytes32 evidenceHash)',
  ),
)
const separators = new Map<Address, Hex>()
const compared = new Set<string>()

/** What a holder signs, as `hashRedeem` has it. */
export function redeemDigest({ book, redeem }: { book: Address; redeem: Redeem }): Hex {
  const { campaignId, serial, site, deadline } = redeem
  const digest = digestOf({ book, words: [REDEEM, campaignId, serial, site, deadline] })
  compare({
    book,
    kind: REDEEM,
    digest,
    expected: () => hashRedeem({ chainId: CHAIN_ID, book, redeem }),
  })
  return digest
}

/** What an oracle signs, as `hashPresence` has it. */
export function presenceDigest({ book, presence }: { book: Address; presence: Presence }): Hex {
  const { campaignId, serial, holder, site, geofenceHash, observedAt, validUntil, evidenceHash } =
    presence
  const words = [
    PRESENCE,
    campaignId,
    serial,
    holder,
    site,
    geofenceHash,
    observedAt,
    validUntil,
    evidenceHash,
  ]
  const digest = digestOf({ book, words })
  compare({
    book,
    kind: PRESENCE,
    digest,
    expected: () => hashPresence({ chainId: CHAIN_ID, book, presence }),
  })
  return digest
}

/** Signs a digest: 65 bytes, the lower s of the two. */
export function sign({ digest, key }: { digest: Hex; key: Uint8Array }): Hex {
  const { signature, recoveryId } = secp256k1.signRecoverable(hexToBytes(digest), key)
  return bytesToHex(Uint8Array.of(...signature, 27 + recoveryId))
}

function digestOf({
  book,
  words,
}: {
  book: Address
  words: readonly (Hex | bigint | number)[]
}): Hex {
  const packed = words.map((word) =>
    typeof word === 'string' ? padHex(word, { size: 32 }) : numberToHex(word, { size: 32 }),
  )
  return keccak256(concatHex(['0x1901', separatorOf(book), keccak256(concatHex(packed))]))
}

function separatorOf(book: Address): Hex {
  const known =
    separators.get(book) ?? domainSeparator({ domain: domainOf({ chainId: CHAIN_ID, book }) })
  separators.set(book, known)
  return known
}

function compare({
  book,
  kind,
  digest,
  expected,
}: {
  book: Address
  kind: Hex
  digest: Hex
  expected: () => Hex
}) {
  const key = `${book}.${kind}`
  if (compared.has(key)) return
  if (digest !== expected()) throw new Error('A digest is not that of the protocol.')
  compared.add(key)
}
