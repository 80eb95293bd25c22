import { grown } from '@coupon-secure/protocol/merkle-log'
import { leafOfEntry, type LogEntry } from '@coupon-secure/protocol/log-entry'
import { expect } from 'chai'
import { keccak256, toHex } from 'viem'
import { createAppendLog } from './append-log.ts'
import { verifyLog } from './log-verify.ts'
import { CHAIN_ID, factory, NOW, rehearse, signer } from './rehearsal.ts'
import { sharedStore } from './rehearsal-store.ts'
import type { LogStore } from './store-log.ts'

const entryOf = (name: number): LogEntry => ({
  kind: 'statement',
  digest: keccak256(toHex(name)),
  loggedAt: 1_800_000_000,
})

/** A log that stands in memory, so that a test can do with it what no database would. */
function logOf(entries: LogEntry[]): LogStore {
  return {
    appendToLog: (lot) => Promise.resolve(lot.map(({ entry }) => entries.push(entry) - 1)),
    logSize: () => Promise.resolve(entries.length),
    logHashes: (places) => {
      const { completed } = grown({ size: 0, peaks: [], leaves: entries.map(leafOfEntry) })
      return Promise.resolve(
        places.map(({ level, index }) => completed[(index + 1) * 2 ** level - 1]![level]!),
      )
    },
    logEntries: ({ from, to }) => Promise.resolve(entries.slice(from, to)),
    findInLog: () => Promise.resolve(undefined),
  }
}

/** What an auditor asks of an oracle that has these entries. */
async function oracleWith(entries: LogEntry[]) {
  const { app } = await rehearse({ store: { ...(await sharedStore()), ...logOf(entries) } })
  return async (path: string): Promise<unknown> => (await app.request(path)).json()
}

describe('an auditor of the log', () => {
  const entries = Array.from({ length: 1_203 }, (_, name) => entryOf(name))

  it('is content with a log that only grew', async () => {
    const older = await verifyLog({
      get: await oracleWith(entries.slice(0, 5)),
      remembered: undefined,
    })
    expect(older.ok).to.equal(true)
    const remembered = older.ok ? older.head : undefined
    const newer = await verifyLog({ get: await oracleWith([...entries]), remembered })
    expect(newer.ok && newer.head.size).to.equal(1_203)
    const none = await verifyLog({ get: await oracleWith([]), remembered: undefined })
    expect(none.ok && none.head.size).to.equal(0)
  })

  it('tells of a log that shrank, and of one in which something changed', async () => {
    const first = await verifyLog({
      get: await oracleWith(entries.slice(0, 9)),
      remembered: undefined,
    })
    const remembered = first.ok ? first.head : undefined
    const shrunk = await verifyLog({ get: await oracleWith(entries.slice(0, 8)), remembered })
    expect(!shrunk.ok && shrunk.problem).to.equal('The log shrank from 9 to 8.')
    for (const forged of [
      entries.slice(0, 20).with(4, entryOf(99_999)),
      entries.slice(1, 20),
      entries.slice(0, 9).with(8, entryOf(99_999)),
    ]) {
      const finding = await verifyLog({ get: await oracleWith(forged), remembered })
      expect(!finding.ok && finding.problem).to.contain('are not what they were')
    }
  })

  it('tells of entries that are kept back or are not those of the head', async () => {
    const get = await oracleWith(entries.slice(0, 9))
    const answering = (change: (answer: { entries: LogEntry[] }) => object) => (path: string) =>
      get(path).then((answer) =>
        path.startsWith('/v1/log/entries') ? change(answer as { entries: LogEntry[] }) : answer,
      )
    const back = await verifyLog({
      get: answering((answer) => ({ ...answer, entries: [] })),
      remembered: undefined,
    })
    expect(!back.ok && back.problem).to.equal('Entry 0 is kept back.')
    const other = await verifyLog({
      get: answering((answer) => ({ ...answer, entries: answer.entries.with(3, entryOf(77)) })),
      remembered: undefined,
    })
    expect(!other.ok && other.problem).to.equal('The head is not the root of these entries.')
  })

  it('believes no head that somebody else signed', async () => {
    const get = await oracleWith(entries.slice(0, 3))
    const store = logOf(entries.slice(0, 4))
    const log = createAppendLog({ now: () => NOW, signer, store, chainId: CHAIN_ID, factory })
    const { signature } = await log.head()
    for (const signed of [signature, `0x${'ff'.repeat(65)}`]) {
      const finding = await verifyLog({
        get: async (path) => {
          const answer = await get(path)
          return path === '/v1/log' ? { ...(answer as object), signature: signed } : answer
        },
        remembered: undefined,
      })
      expect(!finding.ok && finding.problem).to.contain('not signed')
    }
  })
})
