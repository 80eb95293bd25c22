'use client'

import { useState } from 'react'
import { chainNameOf } from '@coupon-secure/protocol/deployments'
import { useConfig } from '../chain/config.tsx'
import { ErrorWords } from '../chain/ErrorWords.tsx'
import { switchNetwork, useWallet } from '../chain/wallet.ts'
import { Button } from '../ui/Button.tsx'
import { Notice } from '../ui/Notice.tsx'
import { useShellWords } from '../words/Speaking.tsx'
import styles from './header.module.css'

/** Says that the wallet is on another network, with the one tap that mends it. */
export function NetworkNotice() {
  const { say } = useShellWords()
  const config = useConfig()
  const { isConnected, chainId } = useWallet()
  const [isSwitching, setIsSwitching] = useState(false)
  const [error, setError] = useState<unknown>()
  if (!isConnected || chainId === config.chainId) return null

  const name = chainNameOf(config.chainId)
  const change = async () => {
    setIsSwitching(true)
    setError(undefined)
    await switchNetwork({ config }).catch(setError)
    setIsSwitching(false)
  }
  return (
    <div className={styles.notice}>
      <Notice
        kind="warn"
        code="WRONG_NETWORK"
        title={say('network.wrong', { name })}
        action={
          <Button kind="main" isBusy={isSwitching} onClick={() => void change()}>
            {say('network.switch', { name })}
          </Button>
        }
      >
        {error !== undefined && <ErrorWords error={error} />}
      </Notice>
    </div>
  )
}
