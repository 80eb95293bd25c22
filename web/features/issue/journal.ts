import { FIRST_STANDBY_SHARD } from '@coupon-secure/protocol/coupon'
import type { BookPlace } from '@coupon-secure/protocol/presence'
import { type Address, type Hash, isAddress, isHash } from 'viem'
import type { Chunk, IssueKind, IssuePlan } from './plan.ts'

/**
 * What an issue of several transactions has done and has still to do. It is kept while the issue runs, so that a page that
 * is loaded again goes on exactly where it stood.
 */
export type Journal = {
  version: 2
  kind: IssueKind
  startBlock: string
  holders: Address[]
  chunks: JournalChunk[]
}

/** One transaction of a journal; `hash` once it was sent, `isDone` once the chain shows its coupons. */
export type JournalChunk = {
  campaignId: string
  from: number
  to: number
  hash?: Hash
  isDone: boolean
}

/** An issue as the chain shows it. */
export type ChainIssue = {
  campaignId: bigint
  firstShard: bigint
  holders: readonly Address[]
}

/** Where the journal of a book's issue is kept, as `localStorage` keeps it. */
export function journalName({ chainId, book }: BookPlace): string {
  return `coupon-secure.issue.${chainId}.${book}`
}

/** A journal for a plan about which nothing has been signed; `startBlock`: the chain's last block then. */
export function startJournal({
  plan,
  startBlock,
}: {
  plan: Pick<Extract<IssuePlan, { ok: true }>, 'kind' | 'holders' | 'chunks'>
  startBlock: bigint
}): Journal {
  const planned = ({ campaignId, from, to }: Chunk): JournalChunk => ({
    campaignId: String(campaignId),
    from,
    to,
    isDone: false,
  })
  return {
    version: 2,
    kind: plan.kind,
    startBlock: String(startBlock),
    holders: [...plan.holders],
    chunks: plan.chunks.map(planned),
  }
}

/** The journal as the chain bears it out: a chunk is done when an issue of exactly its holders is found, each counted once. */
export function reconcile({
  journal,
  issued,
}: {
  journal: Journal
  issued: readonly ChainIssue[]
}): Journal {
  const found = new Map<string, number>()
  for (const { campaignId, firstShard, holders } of issued) {
    const kind = firstShard < FIRST_STANDBY_SHARD ? 'supply' : 'standby'
    const key = keyOf({ campaignId, kind, holders })
    found.set(key, (found.get(key) ?? 0) + 1)
  }
  const chunks = journal.chunks.map((chunk) => {
    const key = keyOf({
      campaignId: BigInt(chunk.campaignId),
      kind: journal.kind,
      holders: holdersOf({ journal, chunk }),
    })
    const left = found.get(key) ?? 0
    if (left > 0) found.set(key, left - 1)
    return { ...chunk, isDone: left > 0 }
  })
  return { ...journal, chunks }
}

/** The first chunk that the chain does not show yet, with its place. */
export function nextChunk(journal: Journal): { chunk: JournalChunk; index: number } | undefined {
  const index = journal.chunks.findIndex(({ isDone }) => !isDone)
  const chunk = journal.chunks[index]
  return chunk && { chunk, index }
}

/** The journal with the hash under which a chunk was sent, or without one that came to nothing. */
export function withHash({
  journal,
  index,
  hash,
}: {
  journal: Journal
  index: number
  hash: Hash | undefined
}): Journal {
  const chunks = journal.chunks.map(({ hash: old, ...chunk }, other) => {
    const kept = other === index ? hash : old
    return kept === undefined ? chunk : { ...chunk, hash: kept }
  })
  return { ...journal, chunks }
}

/** The holders of one chunk. */
export function holdersOf({
  journal,
  chunk,
}: {
  journal: Journal
  chunk: Pick<JournalChunk, 'from' | 'to'>
}): readonly Address[] {
  return journal.holders.slice(chunk.from, chunk.to)
}

/** How many coupons and transactions are done, of how many. */
export function progressOf({ chunks }: Journal) {
  const done = chunks.filter(({ isDone }) => isDone)
  const coupons = (some: readonly JournalChunk[]) =>
    some.reduce((sum, { from, to }) => sum + to - from, 0)
  return {
    coupons: coupons(chunks),
    couponsDone: coupons(done),
    transactions: chunks.length,
    transactionsDone: done.length,
  }
}

/** A journal as it was kept, or undefined where the text is none. */
export function parseJournal(text: string | null): Journal | undefined {
  if (text === null) return undefined
  try {
    const value: unknown = JSON.parse(text)
    return isJournal(value) ? value : undefined
  } catch {
    return undefined
  }
}

function isJournal(value: unknown): value is Journal {
  if (!isObject(value)) return false
  const { version, kind, startBlock, holders, chunks } = value
  return (
    version === 2 &&
    (kind === 'supply' || kind === 'standby') &&
    isDigits(startBlock) &&
    Array.isArray(holders) &&
    holders.every((holder) => typeof holder === 'string' && isAddress(holder)) &&
    Array.isArray(chunks) &&
    chunks.length > 0 &&
    chunks.every((chunk) => isChunk({ chunk, count: holders.length }))
  )
}

function isChunk({ chunk, count }: { chunk: unknown; count: number }): boolean {
  if (!isObject(chunk)) return false
  const { campaignId, from, to, hash, isDone } = chunk
  return (
    isDigits(campaignId) &&
    Number.isInteger(from) &&
    Number.isInteger(to) &&
    0 <= Number(from) &&
    Number(from) < Number(to) &&
    Number(to) <= count &&
    (hash === undefined || (typeof hash === 'string' && isHash(hash))) &&
    typeof isDone === 'boolean'
  )
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isDigits(value: unknown): boolean {
  return typeof value === 'string' && /^\d+$/.test(value)
}

function keyOf({
  campaignId,
  kind,
  holders,
}: {
  campaignId: bigint
  kind: IssueKind
  holders: readonly Address[]
}): string {
  return `${campaignId}:${kind}:${holders.join().toLowerCase()}`
}
