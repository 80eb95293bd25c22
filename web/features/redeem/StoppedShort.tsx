import { chainNameOf } from '@coupon-secure/protocol/deployments'
import { type ReactNode, useState } from 'react'
import type { Connector } from 'wagmi'
import { useConfig } from '../../chain/config.tsx'
import { switchNetwork } from '../../chain/wallet.ts'
import { Button } from '../../ui/Button.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { useWords } from '../../words/use-words.ts'
import { PretendedMark } from './PretendedMark.tsx'
import styles from './redeem.module.css'
import { isFinal, type Stopped, titleOf } from './stopped.ts'

/** Why a redemption did not go on, what has come of it, and the ways on. */
export function StoppedShort({
  stopped: { failure, rest },
  isReady,
  isPretended,
  connector,
  onGo,
  onElsewhere,
  onLeave,
  children,
}: {
  stopped: Stopped
  /** What must be shown is there. */
  isReady: boolean
  isPretended: boolean
  /** Of the wallet, which may be on another network. */
  connector: Connector | undefined
  onGo: () => void
  onElsewhere: () => void
  onLeave: () => void
  /** What else is asked for or known. */
  children: ReactNode
}) {
  const { say, explain } = useWords()
  const config = useConfig()
  const [isSwitching, setIsSwitching] = useState(false)
  const isOver = isFinal({ failure, rest })

  const change = async (wallet: Connector) => {
    setIsSwitching(true)
    await switchNetwork({ config, connector: wallet }).then(onGo, () => undefined) // declined: the sheet still says what is wrong
    setIsSwitching(false)
  }

  return (
    <>
      <Notice
        kind={isOver ? 'bad' : 'warn'}
        title={say(titleOf({ failure, rest }))}
        code={failure.code}
      >
        <p>{explain(failure)}</p>
      </Notice>
      {children}
      {isPretended && <PretendedMark />}
      <div className={styles.actions}>
        {failure.code === 'WRONG_NETWORK' && connector ? (
          <Button
            kind="main"
            className={styles.big}
            isBusy={isSwitching}
            onClick={() => void change(connector)}
          >
            {say('network.switch', { name: chainNameOf(config.chainId) })}
          </Button>
        ) : (
          !isOver && (
            <Button kind="main" className={styles.big} onClick={onGo} disabled={!isReady}>
              {say(
                rest.kind === 'sent'
                  ? 'sheet.look'
                  : rest.kind === 'vouched'
                    ? 'sheet.confirm'
                    : 'common.again',
              )}
            </Button>
          )
        )}
        {/^(POSITION|PAIRING)_/.test(failure.code) && (
          <Button className={styles.big} onClick={onElsewhere}>
            {say('pair.offer')}
          </Button>
        )}
        <Button kind="quiet" onClick={onLeave}>
          {say(isOver ? 'common.back' : 'common.leave')}
        </Button>
      </div>
    </>
  )
}
