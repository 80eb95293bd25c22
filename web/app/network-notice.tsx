'use client'

import { useConnection, useSwitchChain } from 'wagmi'
import { chainOf } from '../chain/client.ts'
import { useConfig } from '../chain/config.tsx'
import { ErrorWords } from '../chain/ErrorWords.tsx'
import { Button } from '../ui/Button.tsx'
import { Notice } from '../ui/Notice.tsx'
import { useShellWords } from '../words/Speaking.tsx'
import styles from './header.module.css'

/** Says that the wallet is on another network, with the one tap that mends it. */
export function NetworkNotice() {
  const { say } = useShellWords()
  const config = useConfig()
  const { isConnected, chainId } = useConnection()
  const { mutate: switchChain, isPending, error } = useSwitchChain()
  if (!isConnected || chainId === config.chainId) return null

  const name = chainOf(config).name
  return (
    <div className={styles.notice}>
      <Notice
        kind="warn"
        code="WRONG_NETWORK"
        title={say('network.wrong', { name })}
        action={
          <Button
            kind="main"
            isBusy={isPending}
            onClick={() => switchChain({ chainId: config.chainId })}
          >
            {say('network.switch', { name })}
          </Button>
        }
      >
        {error && <ErrorWords error={error} />}
      </Notice>
    </div>
  )
}
