'use client'

import { couponBookAbi } from '@coupon-secure/protocol/abi'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useEffectEvent, useReducer } from 'react'
import { type Address, getAbiItem } from 'viem'
import { getBlockNumber } from 'viem/actions'
import { useConnection, useSwitchChain } from 'wagmi'
import { clientOf } from '../../chain/client.ts'
import { useConfig } from '../../chain/config.tsx'
import { explainRevert, type Failure } from '../../chain/explain-revert.ts'
import { logsSince } from '../../chain/logs.ts'
import { NOT_CONNECTED, REVERTED } from '../../chain/use-transaction.ts'
import {
  holdersOf,
  type Journal,
  journalName,
  nextChunk,
  parseJournal,
  reconcile,
  startJournal,
  withHash,
} from './journal.ts'
import type { IssuePlan } from './plan.ts'
import type { ListRow } from './read-list.ts'

/** Where an issue stands. While there is a journal, something is still to be done or to be looked at. */
export type IssueState =
  | { step: 'idle' }
  /** Keys for claim links are being made. */
  | { step: 'making'; done: number; total: number }
  | { step: 'looking'; journal: Journal }
  | { step: 'asking'; journal: Journal }
  | { step: 'sent'; journal: Journal }
  | { step: 'paused'; journal: Journal; failure?: Failure }
  | { step: 'done'; journal: Journal }

const ISSUED = getAbiItem({ abi: couponBookAbi, name: 'Issued' })

/** Issues a plan transaction by transaction, and takes up what an earlier visit left. */
export function useIssue({ book }: { book: Address }) {
  const config = useConfig()
  const connection = useConnection()
  const queries = useQueryClient()
  const { mutateAsync: switchChain } = useSwitchChain()
  const [state, dispatch] = useReducer((_: IssueState, next: IssueState): IssueState => next, {
    step: 'idle',
  })
  const key = journalName({ chainId: config.chainId, book })

  const keep = (journal: Journal) => {
    localStorage.setItem(key, JSON.stringify(journal))
    return journal
  }

  /** What the chain says about the journal; the chain is always asked before anything is sent. */
  const look = async (journal: Journal): Promise<Journal> => {
    const logs = await logsSince({
      client: clientOf(config),
      address: book,
      events: [ISSUED],
      fromBlock: BigInt(journal.startBlock) + 1n,
    })
    return keep(reconcile({ journal, issued: logs.map(({ args }) => args) }))
  }

  /** Waits for what was sent; a chunk that the contract refused may be sent again. */
  const settle = async (journal: Journal): Promise<Journal> => {
    const next = nextChunk(journal)
    if (next?.chunk.hash === undefined) return journal
    dispatch({ step: 'sent', journal })
    const { receiptOf } = await import('../../chain/send.ts')
    const receipt = await receiptOf({ config, hash: next.chunk.hash })
    const isReverted = receipt.status === 'reverted'
    const settled = await look(
      isReverted ? keep(withHash({ journal, index: next.index, hash: undefined })) : journal,
    )
    await queries.invalidateQueries({ queryKey: ['chain'] })
    if (isReverted) throw new RevertedError()
    return settled
  }

  const finish = (journal: Journal) => {
    localStorage.removeItem(key)
    dispatch({ step: 'done', journal })
  }

  const run = async (begun: Journal) => {
    const { address: account, connector, chainId } = connection
    let journal = begun
    try {
      if (account === undefined || connector === undefined) {
        return dispatch({ step: 'paused', journal, failure: NOT_CONNECTED })
      }
      if (chainId !== config.chainId) await switchChain({ chainId: config.chainId, connector })
      for (;;) {
        dispatch({ step: 'looking', journal })
        journal = await settle(await look(journal))
        const next = nextChunk(journal)
        if (next === undefined) return finish(journal)
        if (next.chunk.hash !== undefined) continue // another one than the one just settled

        dispatch({ step: 'asking', journal })
        const { sendChecked } = await import('../../chain/send.ts')
        const hash = await sendChecked({
          config,
          wallet: { account, connector, chainId: config.chainId },
          call: {
            abi: couponBookAbi,
            address: book,
            functionName: journal.kind === 'standby' ? 'issueStandby' : 'issue',
            args: [BigInt(next.chunk.campaignId), [...holdersOf({ journal, chunk: next.chunk })]],
          },
        })
        journal = keep(withHash({ journal, index: next.index, hash }))
      }
    } catch (error) {
      dispatch({ step: 'paused', journal, failure: failureOf(error) })
    }
  }

  /** One tab at a time: two would issue the same list twice. */
  const runAlone = async (journal: Journal) => {
    if (!isSecureContext) return await run(journal) // a browser has no locks there
    await navigator.locks.request(key, { ifAvailable: true }, async (lock) => {
      if (lock === null) return dispatch({ step: 'paused', journal, failure: OTHER_TAB })
      await run(journal)
    })
  }

  const start = async ({
    plan,
    header,
  }: {
    plan: Extract<IssuePlan, { ok: true }>
    header: readonly string[]
  }) => {
    try {
      const startBlock = await getBlockNumber(clientOf(config), { cacheTime: 0 })
      const linked = plan.links.length === 0 ? [] : await makeLinks({ rows: plan.links, header })
      const holders = [...plan.holders, ...linked]
      await runAlone(keep(startJournal({ plan: { ...plan, holders }, startBlock })))
    } catch (error) {
      dispatch({ step: 'idle' })
      throw error
    }
  }

  /** Makes the keys of claim links and keeps them, before anything is issued to them. */
  const makeLinks = async ({
    rows,
    header,
  }: {
    rows: readonly ListRow[]
    header: readonly string[]
  }): Promise<Address[]> => {
    const report = (done: number) => dispatch({ step: 'making', done, total: rows.length })
    report(0)
    const { claimBatches, makeClaimRows } = await import('./claim-batch.ts')
    const made = await makeClaimRows({ rows, onProgress: report })
    const place = { chainId: config.chainId, book }
    const batch = { ...place, id: crypto.randomUUID(), madeAt: Date.now(), header, rows: made }
    try {
      await claimBatches().keep(batch)
    } catch (cause) {
      throw new KeysNotKeptError({ cause })
    }
    await queries.invalidateQueries({ queryKey: ['claim-batches'] })
    return made.map(({ holder }) => holder)
  }

  // What an earlier visit left: look only, sign nothing until the person says so.
  const takeUp = useEffectEvent(async () => {
    const journal = parseJournal(localStorage.getItem(key))
    if (journal === undefined) return
    try {
      dispatch({ step: 'looking', journal })
      const settled = await settle(await look(journal))
      if (nextChunk(settled) === undefined) finish(settled)
      else dispatch({ step: 'paused', journal: settled })
    } catch (error) {
      dispatch({ step: 'paused', journal, failure: failureOf(error) })
    }
  })
  useEffect(() => {
    void takeUp()
  }, [key])

  const giveUp = () => {
    localStorage.removeItem(key)
    dispatch({ step: 'idle' })
  }

  /** For a transaction that the chain has lost: forgets its hash and goes on; the chain is looked at first. */
  const sendAgain = async (journal: Journal) => {
    const next = nextChunk(journal)
    if (next) await runAlone(keep(withHash({ journal, index: next.index, hash: undefined })))
  }

  return { state, start, resume: runAlone, sendAgain, giveUp }
}

const OTHER_TAB: Failure = {
  code: 'OPEN_IN_OTHER_TAB',
  sentence: 'Another tab of this browser is issuing in this book. Go on there.',
}

class RevertedError extends Error {
  override name = 'RevertedError'
}

class KeysNotKeptError extends Error {
  override name = 'KeysNotKeptError'
  constructor({ cause }: { cause: unknown }) {
    super('The keys of the claim links could not be kept.', { cause })
  }
}

/** Why an issue stopped, in words. */
export function failureOf(error: unknown): Failure {
  if (error instanceof RevertedError) return REVERTED
  if (error instanceof KeysNotKeptError) {
    return {
      code: 'KEYS_NOT_KEPT',
      sentence:
        'This browser keeps nothing (a private window, or a full disk), so the keys of the claim links would be lost. Nothing was issued. Use another window or browser.',
    }
  }
  if (error instanceof DOMException && error.name === 'QuotaExceededError') {
    return {
      code: 'LIST_TOO_LONG_TO_KEEP',
      sentence: 'The list is too long to be kept safely in this browser. Split it in two.',
    }
  }
  return explainRevert(error)
}
