// All that can be seen of a book, line by line, compared with what the chain shows.
import type { BookState } from './book.ts'
import type { Address } from './calls.ts'
import { nameOf, people } from './cast.ts'
import {
  countOf,
  leftForAll,
  ledgerOf,
  supplyLeft,
  type Campaign,
  type Shard,
  type Status,
} from './coupons.ts'
import { chainTreeOf, proofBytes, roleId, rootNamed } from './encode.ts'
import type { Value } from './outcome.ts'
import { answersIn } from './reading.ts'
import { ADMIN, GUARDIAN, hasRole, MANAGER, NOBODY } from './roles.ts'
import { answerTo, type Stage } from './stage.ts'
import { endsAt, valuesOf } from './terms.ts'
import { serialOf } from './trees.ts'

const AT_ONCE = 150 // questions in one call, within its gas
const STATUSES: readonly Status[] = ['unused', 'redeemed', 'revoked'] // from 1; 0 is "not issued"
const ALL_SEATS = 2n ** 256n - 1n

type ShardOf = { campaignId: bigint; shard: Shard }
type Question = { name: string; args: readonly unknown[]; expected: readonly Value[] }

/** Where the chain shows anything else than this state. */
export async function differences({
  stage,
  state,
  now = 0n,
}: {
  stage: Stage
  state: BookState
  /** Campaigns that are over by then are looked at shard by shard, and not coupon by coupon. */
  now?: bigint
}): Promise<string[]> {
  const questions = [
    ...questionsOnBook({ state, wallet: stage.wallet }),
    ...[...state.campaigns].flatMap(([campaignId, campaign]) =>
      questionsOn({ campaignId, campaign, isOver: now >= endsAt(campaign.terms) }),
    ),
  ]
  const different: string[] = []
  for (let from = 0; from < questions.length; from += AT_ONCE) {
    const some = questions.slice(from, from + AT_ONCE)
    const answers = await askAll({ stage, questions: some })
    if (typeof answers === 'string') {
      different.push(`the book refuses to answer: ${answers}`)
      continue
    }
    for (const [i, { name, args, expected }] of some.entries()) {
      const [wanted, found] = [textOf(expected), textOf(answers[i]!)]
      const question = `${name}(${textOf(args.slice(0, 2).map(String))})`
      if (wanted !== found) different.push(`${question} should be ${wanted}, and is ${found}`)
    }
  }
  return different
}

/** One answer of the book's. */
export async function ask({
  stage: { abi, book, request },
  name,
  args = [],
}: {
  stage: Stage
  name: string
  args?: readonly unknown[]
}): Promise<Value | undefined> {
  const data = abi.encodeFunctionData(name, args)
  const { result = '' } = await answerTo(() => request('eth_call', { to: book, data }, 'latest'))
  return answersIn({ abi, name, bytes: result })[0]
}

/** A value as text, people by name. */
export function textOf(value: Value): string {
  if (typeof value === 'bigint') return value.toString()
  if (typeof value === 'string') return nameOf(value)
  if ('error' in value) return `${value.error}${textOf(value.args)}`
  return `(${value.map(textOf).join(', ')})`
}

function questionsOnBook({ state, wallet }: { state: BookState; wallet: Address }): Question[] {
  const { campaigns, witnesses, roles, contractURI } = state
  const everybody = [...people, wallet]
  const [admin] = roles.members.get(ADMIN) ?? []
  const { newAdmin, schedule } = roles.handover ?? { newAdmin: NOBODY, schedule: 0n }
  const held = [ADMIN, MANAGER, GUARDIAN].flatMap((role) =>
    everybody.map((account) => ({
      name: 'hasRole',
      args: [roleId(role), account],
      expected: [String(hasRole({ roles, role, account }))],
    })),
  )
  const believed = everybody.map((key) => {
    const witness = witnesses.get(key)
    const entry = witness ?? { key: NOBODY, classes: 0n, site: 0n, validFrom: 0n, validUntil: 0n }
    const { classes, site, validFrom, validUntil } = entry
    const expected = [[entry.key, classes, site, validFrom, validUntil]]
    return { name: 'witness', args: [key], expected }
  })
  return [
    { name: 'campaignCount', args: [], expected: [BigInt(campaigns.size)] },
    { name: 'contractURI', args: [], expected: [contractURI] },
    { name: 'defaultAdmin', args: [], expected: [admin ?? NOBODY] },
    { name: 'pendingDefaultAdmin', args: [], expected: [newAdmin, schedule] },
    ...held,
    ...believed,
  ]
}

function questionsOn({
  campaignId,
  campaign,
  isOver,
}: {
  campaignId: bigint
  campaign: Campaign
  isOver: boolean
}): Question[] {
  const { terms, pausedAt, shards, standby, counted, isClosed } = campaign
  const roots = shards.slice(counted).map((shard) => rootNamed(shard).bytes)
  const revoked = { status: 'revoked' } as const
  const counters = [
    countOf({ shards }),
    countOf({ shards, ...revoked }),
    BigInt(shards.length),
    countOf({ shards: standby }),
    countOf({ shards: standby, ...revoked }),
    BigInt(standby.length),
    BigInt(counted),
    leftForAll(campaign),
    String(isClosed),
  ]
  const about = (name: string, expected: Value): Question => ({
    name,
    args: [campaignId],
    expected: [expected],
  })
  return [
    about('campaign', valuesOf(terms)),
    about('pausedAt', pausedAt),
    about('shardCount', BigInt(shards.length)),
    about('supplyLeft', supplyLeft(campaign)),
    about('countersOf', counters),
    { name: 'ledger', args: [campaignId, roots], expected: [ledgerOf(campaign)] },
    ...[...shards, ...standby].flatMap((shard) => [
      questionOnShard({ campaignId, shard }),
      ...(isOver ? [] : questionsOnSeats({ campaignId, shard })),
    ]),
  ]
}

function questionOnShard({ campaignId, shard }: ShardOf): Question {
  const { index, holders, statuses } = shard
  const bits = (status: (one: Status) => boolean) =>
    statuses.reduce((word, one, seat) => (status(one) ? word | (1n << BigInt(seat)) : word), 0n)
  const missing = ALL_SEATS - (2n ** BigInt(holders.length) - 1n)
  const words = [missing | bits((one) => one !== 'unused'), bits((one) => one === 'revoked')]
  return { name: 'seatsOf', args: [campaignId, index, rootNamed(shard).bytes], expected: words }
}

function questionsOnSeats({ campaignId, shard }: ShardOf): Question[] {
  const { index, holders, statuses } = shard
  const take = chainTreeOf(shard).levels.length
  return holders.map((holder, seat) => {
    const proof = proofBytes({ tree: shard, seat, take, junk: 0, isTorn: false })
    return {
      name: 'statusOf',
      args: [campaignId, serialOf({ index, seat }), holder, proof],
      expected: [BigInt(STATUSES.indexOf(statuses[seat]!) + 1)],
    }
  })
}

/** The book's answers, all of one block; or why it refuses to answer, as where a state has other shards than the book. */
async function askAll({
  stage: { abi, book, request },
  questions,
}: {
  stage: Stage
  questions: readonly Question[]
}): Promise<Value[][] | string> {
  const calls = questions.map(({ name, args }) => abi.encodeFunctionData(name, args))
  const data = abi.encodeFunctionData('multicall', [calls])
  const { result, failure } = await answerTo(() =>
    request('eth_call', { to: book, data, gas: '0xf42400' }, 'latest'),
  )
  if (result === undefined) return failure
  const answers: string[] = [...abi.decodeFunctionResult('multicall', result)[0]]
  return answers.map((bytes, i) => answersIn({ abi, name: questions[i]!.name, bytes }))
}
