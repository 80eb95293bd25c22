import { CLASSES } from '@coupon-secure/protocol/presence'
import type { Address } from 'viem'
import type { ChainReader } from './chain.ts'
import { MEMORY_MILLISECONDS } from '@coupon-secure/service/chain-nodes'
import { KeyUnreadableError } from '@coupon-secure/service/errors'
import { remembered } from '@coupon-secure/service/remembered'
import type { Signer } from './signer.ts'

// Long enough for every node to know a new witness, and for a reorganisation to take it back.
const SETTLED_SECONDS = 60n

/** Which of the oracle's keys signs for a book what was decided then and counts until then, unix seconds. */
export type SignerFor = (asked: {
  book: Address
  decidedAt: bigint
  validUntil: bigint
}) => Promise<Signer>

/**
 * The oracle's keys, the newest first. Each book learns of a new key when its admin adds it; so the newest key signs where it
 * has been a witness for a minute, and the one before it everywhere else. At no moment is there a book without its key.
 */
export function createKeyring({
  signers,
  chain,
  now,
}: {
  signers: readonly Signer[]
  chain: Pick<ChainReader, 'witness'>
  now: () => number
}): SignerFor {
  const entryOf = remembered({
    now,
    milliseconds: MEMORY_MILLISECONDS,
    keyOf: ({ book, key }: { book: Address; key: Address }) => `${book} ${key}`,
    ask: chain.witness,
  })

  return async ({ book, decidedAt, validUntil }) => {
    const last = signers.at(-1)
    if (!last) throw new KeyUnreadableError({ reason: 'there is none' })
    if (signers.length === 1) return last
    const known = await Promise.all(
      signers.map(async (signer) => ({
        signer,
        entry: await entryOf({ book, key: signer.address }),
      })),
    )
    const valid = known.filter(
      ({ entry }) =>
        (entry.classes & CLASSES.location) !== 0 &&
        entry.validFrom <= decidedAt &&
        validUntil < entry.validUntil,
    )
    const settled = valid.find(({ entry }) => entry.validFrom + SETTLED_SECONDS <= decidedAt)
    // Where no key is a witness nothing counts anyway; the contract will say so.
    return (settled ?? valid[0])?.signer ?? last
  }
}
