import { compactOf } from '@coupon-secure/protocol/presence'
import {
  redemptionSentenceFor,
  type RedemptionCode,
  type RedemptionRequest,
  type RedemptionStatus,
} from '@coupon-secure/protocol/wire-redemption'
import { Problem } from '@coupon-secure/service/problem'
import { recoverSigner } from '@coupon-secure/service/secp256k1'
import { concatHex, isAddressEqual, numberToHex, type Address, type Hex } from 'viem'
import type { Chain } from './chain.ts'
import type { Purse } from './purse.ts'
import { callOfOne, digestOf, type Redemption } from './redemption.ts'
import type { Store } from './store.ts'

const LONGEST_WAIT_SECONDS = 3_600
// A wallet that is a contract may do what it likes with gas that is ours.
const MOST_GAS_FOR_CONTRACT = 300_000n
const LOW_BITS = (1n << 255n) - 1n

/** Looks at each redemption that is brought, as the contract would, and takes it on or says why not. */
export function createDesk({
  now,
  chain,
  store,
  purse,
  chainId,
  from,
  mostPerCouponAndHour,
  onNew,
}: {
  now: () => number
  chain: Pick<Chain, 'isBook' | 'refusalOf' | 'gasOf'>
  store: Pick<Store, 'status' | 'admit'>
  purse: Pick<Purse, 'shortage'>
  chainId: number
  /** An account that would send it. */
  from: Address
  mostPerCouponAndHour: number
  onNew: () => void
}): (request: RedemptionRequest) => Promise<{ isNew: boolean; status: RedemptionStatus }> {
  return async (request) => {
    if (request.chainId !== chainId) throw new Problem('CHAIN_UNSUPPORTED', { field: 'chainId' })
    const digest = digestOf(request)
    // First, so that whoever asks again for what is on its way hears of it whatever has happened since.
    const known = await store.status(digest)
    if (known && known.state !== 'refused') return { isNew: false, status: known }

    const seconds = now() / 1000
    if (request.deadline < seconds) return refused({ digest, code: 'DEADLINE_PASSED' })
    if (request.deadline > seconds + LONGEST_WAIT_SECONDS) {
      throw new Problem('FIELD_INVALID', { field: 'deadline' })
    }
    const shortage = await purse.shortage()
    if (shortage) throw new Problem(shortage, { headers: { 'Retry-After': '60' } })
    if (!(await chain.isBook(request.book))) throw new Problem('BOOK_UNKNOWN', { field: 'book' })

    const redemption = { ...request, digest, kind: kindOf({ request, digest }) }
    const code = await chain.refusalOf({ redemption, from })
    if (code === 'signature') throw new Problem('SIGNATURE_INVALID', { field: 'signature' })
    if (code) {
      // Perhaps because it was brought a moment ago too, to another relayer, which has sent it since.
      const since = await store.status(digest)
      if (since && since.state !== 'refused') return { isNew: false, status: since }
      return refused({ digest, code })
    }
    if (redemption.kind === 'contract') await requireCheap(redemption)

    const admission = await store.admit({
      redemption,
      mostPerHour: mostPerCouponAndHour,
      now: now(),
    })
    if (admission.outcome === 'often') {
      const wait = Math.max(Math.ceil(admission.retryAfter / 1000), 1)
      throw new Problem('RATE_LIMITED', { headers: { 'Retry-After': wait.toString() } })
    }
    const isNew = admission.outcome === 'new'
    if (isNew) onNew()
    return { isNew, status: admission.status }
  }

  async function requireCheap(redemption: Redemption): Promise<void> {
    const gas = await chain.gasOf({ from, call: callOfOne(redemption) })
    if (gas > MOST_GAS_FOR_CONTRACT) throw new Problem('SIGNATURE_INVALID', { field: 'signature' })
  }
}

function refused({ digest, code }: { digest: Hex; code: RedemptionCode }) {
  const message = redemptionSentenceFor[code]
  const status = { digest, version: 0, state: 'refused' as const, code, message }
  return { isNew: false, status }
}

/** Who signed: the holder's own key, or else it is for the holder's contract to say. */
function kindOf({
  request: { signature, holder },
  digest,
}: {
  request: RedemptionRequest
  digest: Hex
}): Redemption['kind'] {
  if (signature.length > 2 + 2 * 65) return 'contract'
  try {
    const { r, vs } = compactOf(signature)
    const word = BigInt(vs)
    const s = numberToHex(word & LOW_BITS, { size: 32 })
    const v = numberToHex(27n + (word >> 255n), { size: 1 })
    const signer = recoverSigner({ digest, signature: concatHex([r, s, v]) })
    return signer && isAddressEqual(signer, holder) ? 'key' : 'contract'
  } catch {
    return 'contract' // no signature of a key's, by its form
  }
}
