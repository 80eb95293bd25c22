import { setImmediate as turnOfLoop } from 'node:timers/promises'
import {
  type LogEntry,
  type LogHead,
  logDomainOf,
  logHeadTypes,
} from '@coupon-secure/protocol/log-entry'
import { joined, placesIn, type Range } from '@coupon-secure/protocol/merkle-log'
import type { LogHeadAnswer, Logged } from '@coupon-secure/protocol/wire-log'
import type { Address, Hex } from 'viem'
import type { Signer } from './signer.ts'
import { apart } from '@coupon-secure/service/grouped'
import type { Answered, LogStore } from './store-log.ts'
import { sightingKeyOf, type KeptSighting } from './store-sightings.ts'

const MOST_AT_ONCE = 500

/** The oracle's append-only log. */
export type AppendLog = {
  /**
   * Adds what was signed and keeps the sighting that it is; when it answers, both are committed and the entry will be in every
   * head to come. Undefined, and nothing written, where the holder was seen elsewhere since it was decided.
   */
  append: (
    signed: Pick<LogEntry, 'kind' | 'digest'> & { sighting?: KeptSighting },
  ) => Promise<Logged | undefined>
  /** The log as it stands, signed. */
  head: () => Promise<LogHeadAnswer>
  /** A hash for each range of the log's tree. */
  hashesOf: (ranges: readonly Range[]) => Promise<Hex[]>
}

type Waiting = PromiseWithResolvers<Logged | undefined> & { answered: Answered }

/** A log over a store. What comes while one batch is being written waits for the next: many entries, one commit. */
export function createAppendLog({
  now,
  signer,
  store,
  chainId,
  factory,
}: {
  now: () => number
  signer: Signer
  store: LogStore
  chainId: number
  factory: Address
}): AppendLog {
  let waiting: Waiting[] = []
  let isWriting = false
  let remembered: LogHeadAnswer | undefined

  const hashesOf = async (ranges: readonly Range[]): Promise<Hex[]> => {
    const places = ranges.map(placesIn)
    const hashes = await store.logHashes(places.flat())
    return places.map(({ length }) => joined(hashes.splice(0, length)))
  }

  return {
    append: ({ kind, digest, sighting }) => {
      const entry = { kind, digest, loggedAt: Math.floor(now() / 1000) }
      const answered = { entry, ...(sighting && { sighting }) }
      const promised = { ...Promise.withResolvers<Logged | undefined>(), answered }
      waiting.push(promised)
      if (!isWriting) void write()
      return promised.promise
    },

    head: async () => {
      const size = await store.logSize()
      const signedAt = Math.floor(now() / 1000)
      if (remembered?.size === size && remembered.signedAt === signedAt) return remembered
      const [root] = await hashesOf([{ from: 0, to: size }])
      remembered = await signed({ size, root: root ?? joined([]), signedAt })
      return remembered
    },

    hashesOf,
  }

  async function write(): Promise<void> {
    isWriting = true
    while (waiting.length > 0) {
      await turnOfLoop() // as for all lots
      const [batch, later] = apart({ all: waiting, keysOf: keysIn, most: MOST_AT_ONCE })
      waiting = later
      try {
        const places = await store.appendToLog(batch.map(({ answered }) => answered))
        batch.forEach(({ answered: { entry }, resolve }, at) => {
          const index = places[at]
          resolve(index === undefined ? undefined : { index, loggedAt: entry.loggedAt })
        })
      } catch (error) {
        // It may have been committed all the same; an entry too many harms nobody, a statement without one does.
        batch.forEach(({ reject }) => reject(error))
      }
    }
    isWriting = false
  }

  async function signed({
    size,
    root,
    signedAt,
  }: Pick<LogHeadAnswer, 'size' | 'root' | 'signedAt'>): Promise<LogHeadAnswer> {
    const message: LogHead = { size: BigInt(size), root, signedAt: BigInt(signedAt) }
    const signature = await signer.signTypedData({
      domain: logDomainOf({ chainId, factory }),
      types: logHeadTypes,
      primaryType: 'LogHead',
      message,
    })
    return { size, root, signedAt, address: signer.address, signature }
  }
}

// Of one holder, whoever comes second is decided about by the first one's sighting.
function keysIn({ answered: { sighting } }: Waiting): string[] {
  return sighting ? [sightingKeyOf(sighting)] : []
}
