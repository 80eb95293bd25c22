import type { Address, TypedDataToPrimitiveTypes } from 'abitype'
import { concatHex, type Hex, numberToHex } from 'viem'
import { leafOf } from './merkle-log.ts'
import { domainOf } from './presence.ts'
import { hashTypedData } from './typed-data.ts'

/** What a log's entries are of, and the byte that says so. */
export const LOG_KINDS = { statement: 1, refusal: 2 } as const

/** What an oracle signs to publish how its log stands. */
export const logHeadTypes = {
  LogHead: [
    { name: 'size', type: 'uint64' },
    { name: 'root', type: 'bytes32' },
    { name: 'signedAt', type: 'uint64' },
  ],
} as const

/** What an oracle signed, as its log has it: no coupon, holder, place or reason; `loggedAt` in unix seconds. */
export type LogEntry = { kind: keyof typeof LOG_KINDS; digest: Hex; loggedAt: number }

/** "My log has so many entries with this root, at this time." */
export type LogHead = TypedDataToPrimitiveTypes<typeof logHeadTypes>['LogHead']

/** The leaf of an entry in the log's tree (docs/protocol.md#log). */
export function leafOfEntry({ kind, digest, loggedAt }: LogEntry): Hex {
  return leafOf(
    concatHex([
      numberToHex(LOG_KINDS[kind], { size: 1 }),
      digest,
      numberToHex(loggedAt, { size: 8 }),
    ]),
  )
}

/** The EIP-712 domain of a log: it is of no book, but of the books of one factory. */
export function logDomainOf({ chainId, factory }: { chainId: number; factory: Address }) {
  return domainOf({ chainId, book: factory })
}

/** The digest that an oracle signs to publish a head. */
export function hashLogHead({
  chainId,
  factory,
  head,
}: {
  chainId: number
  factory: Address
  head: LogHead
}): Hex {
  return hashTypedData({
    domain: logDomainOf({ chainId, factory }),
    types: logHeadTypes,
    primaryType: 'LogHead',
    message: head,
  })
}
