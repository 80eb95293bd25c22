'use client'

import { skipToken, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useConnection } from 'wagmi'
import { hashFn } from 'wagmi/query'
import { Notice } from '../ui/Notice.tsx'
import { chainOf } from './client.ts'
import { useConfig } from './config.tsx'
import { amountText, type Cost, costQuery, type PlannedCall } from './cost.ts'
import styles from './CostNote.module.css'
import { explainRevert } from './explain-revert.ts'

const SETTLED_MS = 400

/**
 * Before a signature: what it does, in words, and what it costs by the node's own estimate; where the contract would refuse, why.
 * Without a `call` (the form is not right yet) it says what it would do and waits.
 */
export function CostNote({ deed, call }: { deed: string; call: PlannedCall | undefined }) {
  const config = useConfig()
  const { address: account } = useConnection()
  const hasSettled = useHasSettled(call && hashFn([call.address, call.functionName, call.args]))
  const { data, error } = useQuery(
    account && call && hasSettled
      ? costQuery({ config, account, call })
      : { queryKey: ['chain', config.chainId, 'cost'], queryFn: skipToken },
  )
  const currency = chainOf(config).nativeCurrency.symbol
  return (
    <section className={styles.note} aria-label="What you sign, and its cost">
      <p>
        <strong>You sign:</strong> {deed}
      </p>
      {call === undefined || account === undefined ? (
        <p className="soft small">
          {account === undefined
            ? 'Connect a wallet to see what it costs.'
            : 'What it costs is said once the fields are right.'}
        </p>
      ) : error ? (
        <Notice
          kind="warn"
          title={`It would fail now. ${explainRevert(error).sentence}`}
          code={explainRevert(error).code}
        />
      ) : (
        <Price cost={data} currency={currency} />
      )}
    </section>
  )
}

/** Whether a value has stayed the same for a moment: the node is not asked at every letter that somebody types. */
function useHasSettled(value: string | undefined): boolean {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), SETTLED_MS)
    return () => clearTimeout(timer)
  }, [value])
  return settled === value
}

function Price({ cost, currency }: { cost: Cost | undefined; currency: string }) {
  if (cost === undefined) return <p className="soft small">Asking the chain what it costs…</p>
  const { gas, gasPrice, balance } = cost
  const price = gas * gasPrice
  return (
    <>
      <p className="small">
        It costs about{' '}
        <strong>
          {amountText(price)} {currency}
        </strong>{' '}
        <span className="soft">
          ({gas.toLocaleString('en-GB')} gas at {amountText(gasPrice * 1_000_000_000n)} gwei, by
          this moment’s estimate). Nothing else is paid.
        </span>
      </p>
      {balance < price && (
        <Notice
          kind="warn"
          code="INSUFFICIENT_FUNDS"
          title={`This account has ${amountText(balance)} ${currency}: too little for that.`}
        />
      )}
    </>
  )
}
