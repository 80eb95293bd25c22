import { hashLogHead, leafOfEntry } from '@coupon-secure/protocol/log-entry'
import { EMPTY_ROOT, grown, isConsistent, joined } from '@coupon-secure/protocol/merkle-log'
import { oracleAnswerSchema } from '@coupon-secure/protocol/wire'
import {
  consistencyAnswerSchema,
  entriesAnswerSchema,
  type LogHeadAnswer,
  logHeadAnswerSchema,
  MOST_ENTRIES,
} from '@coupon-secure/protocol/wire-log'
import { type Address, isAddressEqual, recoverAddress } from 'viem'

/** What an auditor found: a head to remember, or what is wrong with the log. */
export type LogFinding = { ok: true; head: LogHeadAnswer } | { ok: false; problem: string }

/**
 * Checks an oracle's log against the head that was remembered of it, entry by entry: that its head is signed, that it is the root of
 * exactly the entries that it hands out, and that nothing of what was there before has changed.
 */
export async function verifyLog({
  get,
  remembered,
}: {
  /** The JSON at a path of the oracle. */
  get: (path: string) => Promise<unknown>
  remembered: LogHeadAnswer | undefined
}): Promise<LogFinding> {
  const { chainId, factory } = oracleAnswerSchema.parse(await get('/v1/oracle'))
  const head = logHeadAnswerSchema.parse(await get('/v1/log'))
  if (!(await isSigned({ head, chainId, factory }))) {
    return { ok: false, problem: 'The head is not signed by the key that it names.' }
  }

  if (remembered) {
    const [first, second] = [remembered.size, head.size]
    if (second < first) return { ok: false, problem: `The log shrank from ${first} to ${second}.` }
    const answer = await get(`/v1/log/consistency?first=${first}&second=${second}`)
    const { proof } = consistencyAnswerSchema.parse(answer)
    const roots = { firstRoot: remembered.root, secondRoot: head.root }
    if (!isConsistent({ first, second, ...roots, proof })) {
      return { ok: false, problem: `The first ${first} entries are not what they were.` }
    }
  }

  let tree = { size: 0, peaks: [] as readonly `0x${string}`[] }
  while (tree.size < head.size) {
    const to = Math.min(tree.size + MOST_ENTRIES, head.size)
    const answer = await get(`/v1/log/entries?from=${tree.size}&to=${to}`)
    const { entries } = entriesAnswerSchema.parse(answer)
    if (entries.length === 0) return { ok: false, problem: `Entry ${tree.size} is kept back.` }
    tree = grown({ ...tree, leaves: entries.map(leafOfEntry) })
  }
  const root = tree.size === 0 ? EMPTY_ROOT : joined(tree.peaks)
  if (root !== head.root.toLowerCase()) {
    return { ok: false, problem: 'The head is not the root of these entries.' }
  }
  return { ok: true, head }
}

async function isSigned({
  head: { size, root, signedAt, address, signature },
  chainId,
  factory,
}: {
  head: LogHeadAnswer
  chainId: number
  factory: Address
}): Promise<boolean> {
  const head = { size: BigInt(size), root, signedAt: BigInt(signedAt) }
  const hash = hashLogHead({ chainId, factory, head })
  try {
    return isAddressEqual(await recoverAddress({ hash, signature }), address)
  } catch {
    return false // no point of the curve
  }
}
