import { couponBookAbi } from '@coupon-secure/protocol/abi'
import type { Address } from 'viem'
import type { BookWitness } from '../../../chain/book-queries.ts'
import type { ContractCall } from '../../../chain/ethers-signer.ts'
import { shortAddress } from '../../../ui/short-address.ts'
import type { Deed } from '../DeedDialog.tsx'
import { classWords } from '../witness-draft.ts'

/** The question before a witness is removed, and the call that does it. */
export function removalDeed({
  book,
  witness: { key, classes },
}: {
  book: Address
  witness: BookWitness
}): Deed & { call: ContractCall<typeof couponBookAbi, 'removeWitness'> } {
  const what = classWords(classes).toLowerCase()
  return {
    question: `Remove ${shortAddress(key)}?`,
    meaning: [
      `Nothing that this ${what} signed counts any more, from this transaction on; who has such a statement on the way is refused.`,
      'Add it again and it counts anew, for what it sees from then on.',
    ],
    signs: `${key} vouches in this book no more.`,
    call: { abi: couponBookAbi, address: book, functionName: 'removeWitness', args: [key] },
    yes: 'Remove it',
    no: 'Leave it',
    isDangerous: true,
  }
}
