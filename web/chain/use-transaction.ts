'use client'

import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useReducer } from 'react'
import type { Abi, ContractFunctionName, Hash, TransactionReceipt } from 'viem'
import { useConnection, useSwitchChain } from 'wagmi'
import { useConfig } from './config.tsx'
import type { ContractCall } from './ethers-signer.ts'
import { explainRevert, type Failure } from './explain-revert.ts'
import { forgetPending, pendingOf, rememberPending } from './pending.ts'

/** Where one transaction stands. */
export type Transaction =
  | { step: 'idle' }
  | { step: 'asking' }
  | { step: 'sent'; hash: Hash }
  | { step: 'mined'; hash: Hash; receipt: TransactionReceipt }
  | { step: 'failed'; failure: Failure; hash?: Hash }

/** Nobody is connected: said before anything is asked of a wallet. */
export const NOT_CONNECTED: Failure = { code: 'NOT_CONNECTED', sentence: 'Connect a wallet first.' }

/** The contract refused after all when the transaction was mined. */
export const REVERTED: Failure = {
  code: 'TRANSACTION_REVERTED',
  sentence: 'The contract refused the transaction when it was mined. Nothing changed; try again.',
}

/**
 * Sends calls of one flow and follows them. A sent hash is kept under `flow` until its outcome was seen, so that a page
 * that is loaded again goes on where it stood; `onMined` is called for those as well.
 */
export function useTransaction({
  flow,
  onMined,
}: {
  flow: string
  onMined?: (receipt: TransactionReceipt) => void
}) {
  const config = useConfig()
  const connection = useConnection()
  const queries = useQueryClient()
  const { mutateAsync: switchChain } = useSwitchChain()
  const [transaction, dispatch] = useReducer(
    (_: Transaction, next: Transaction): Transaction => next,
    { step: 'idle' },
  )

  const follow = useCallback(
    async (hash: Hash): Promise<TransactionReceipt | undefined> => {
      dispatch({ step: 'sent', hash })
      try {
        const { receiptOf } = await import('./send.ts') // loaded when there is something to follow
        const receipt = await receiptOf({ config, hash })
        forgetPending(flow)
        if (receipt.status === 'reverted') {
          dispatch({ step: 'failed', hash, failure: REVERTED })
          return undefined
        }
        dispatch({ step: 'mined', hash: receipt.transactionHash, receipt })
        // Not awaited: what the page does next must not come after the person has begun to type again.
        void queries.invalidateQueries({ queryKey: ['chain'] })
        return receipt
      } catch (error) {
        // The hash stays noted: the next visit looks again.
        dispatch({ step: 'failed', hash, failure: explainRevert(error) })
        return undefined
      }
    },
    [config, flow, queries],
  )

  useEffect(() => {
    const pending = pendingOf(flow)
    if (pending === undefined) return
    void follow(pending.hash).then((receipt) => receipt && onMined?.(receipt))
    // Only what was pending when the page came up; a later onMined is that of later sends.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [flow, follow])

  const send = async <const abi extends Abi, name extends ContractFunctionName<abi, 'nonpayable'>>(
    call: ContractCall<abi, name>,
  ): Promise<TransactionReceipt | undefined> => {
    const { address: account, connector, chainId } = connection
    if (account === undefined || connector === undefined) {
      dispatch({ step: 'failed', failure: NOT_CONNECTED })
      return undefined
    }
    dispatch({ step: 'asking' })
    try {
      if (chainId !== config.chainId) await switchChain({ chainId: config.chainId, connector })
      const wallet = { connector, account, chainId: config.chainId }
      const { sendChecked } = await import('./send.ts')
      const hash = await sendChecked({ config, wallet, call })
      rememberPending({ flow, hash })
      const receipt = await follow(hash)
      if (receipt !== undefined) onMined?.(receipt)
      return receipt
    } catch (error) {
      dispatch({ step: 'failed', failure: explainRevert(error) })
      return undefined
    }
  }

  const reset = () => {
    forgetPending(flow)
    dispatch({ step: 'idle' })
  }

  return { transaction, send, reset, look: follow }
}
