'use client'

import { couponBookAbi } from '@coupon-secure/protocol/abi'
import { packProof } from '@coupon-secure/protocol/coupon'
import type { HandedRedemption } from '@coupon-secure/protocol/handed'
import { useState } from 'react'
import type { Hex } from 'viem'
import { useConnection } from 'wagmi'
import { shortAddress } from '../ui/short-address.ts'
import { Button } from '../ui/Button.tsx'
import { Notice } from '../ui/Notice.tsx'
import { useWords } from '../words/use-words.ts'
import { useConfig } from './config.tsx'
import { DEMO_ORGANISER } from './demo-accounts.ts'
import type { ContractCall } from './ethers-signer.ts'
import { explainRevert, type Failure } from './explain-revert.ts'
import { TransactionStatus } from './TransactionStatus.tsx'
import { useTransaction } from './use-transaction.ts'
import { WalletList } from './WalletList.tsx'
import { Wallets } from './Wallets.tsx'

type Props = { handed: HandedRedemption; proof: readonly Hex[] }

/** Sends what a holder has signed, with the wallet that is connected here, which pays the network's fee. */
export function SendHanded(props: Props) {
  return (
    <Wallets>
      <Send {...props} />
    </Wallets>
  )
}

function Send({ handed, proof }: Props) {
  const { say, rich } = useWords()
  const config = useConfig()
  const { address, status } = useConnection()
  const { chainId, book, campaignId, serial } = handed
  const flow = `${chainId}.${book}.send.${campaignId}.${serial}`.toLowerCase()
  const { transaction, send } = useTransaction({ flow })
  const isSending = transaction.step === 'asking' || transaction.step === 'sent'
  const call = redeemFor({ handed, proof })

  if (address === undefined || status !== 'connected') {
    return (
      <div className="stack">
        {config.isDemo && <DemoSend call={call} />}
        <WalletList />
      </div>
    )
  }
  return (
    <div className="stack">
      <p className="small">
        {rich('send.wallet', {
          address: <code>{shortAddress(address)}</code>,
          coupon: <code>{`${campaignId}/${serial}`}</code>,
        })}
      </p>
      <TransactionStatus transaction={transaction} />
      <div>
        <Button kind="main" isBusy={isSending} onClick={() => void send(call)}>
          {say('send.go')}
        </Button>
      </div>
    </div>
  )
}

function redeemFor({ handed, proof }: { handed: HandedRedemption; proof: readonly Hex[] }) {
  const { book, campaignId, serial, statements, site, holder, deadline, signature } = handed
  return {
    abi: couponBookAbi,
    address: book,
    functionName: 'redeemFor',
    args: [campaignId, serial, statements, site, packProof(proof), holder, deadline, signature],
  } satisfies ContractCall<typeof couponBookAbi, 'redeemFor'>
}

/** On the local chain the demo's organiser pays, so that a phone without a wallet can be tried alone. */
function DemoSend({ call }: { call: ReturnType<typeof redeemFor> }) {
  const config = useConfig()
  const [isSending, setIsSending] = useState(false)
  const [failure, setFailure] = useState<Failure>()
  const send = async () => {
    setIsSending(true)
    setFailure(undefined)
    try {
      const [{ sendChecked }, { demoProvider }] = await Promise.all([
        import('./send.ts'),
        import('./demo-provider.ts'),
      ])
      const provider = demoProvider({ rpcUrl: config.rpcUrl, id: 'organiser' })
      const connector = { getProvider: () => Promise.resolve(provider) }
      const wallet = { connector, account: DEMO_ORGANISER, chainId: config.chainId }
      await sendChecked({ config, wallet, call })
    } catch (error) {
      setFailure(explainRevert(error))
    }
    setIsSending(false)
  }
  return (
    <div lang="en" dir="ltr">
      {failure && <Notice kind="bad" title={failure.sentence} code={failure.code} />}
      <Button kind="main" isBusy={isSending} onClick={() => void send()}>
        Let the demo’s organiser send it – local chain only
      </Button>
    </div>
  )
}
