'use client'

import { type Connector, useConnect, useConnectors } from 'wagmi'
import { Button } from '../ui/Button.tsx'
import { Notice } from '../ui/Notice.tsx'
import { useShellWords } from '../words/Speaking.tsx'
import { DEMO_CONNECTOR_ID } from './demo-connector.ts'
import { ErrorWords } from './ErrorWords.tsx'

/** The wallets that this browser has; for pages that need one, as well as for the header. */
export function WalletList({ onConnected }: { onConnected?: () => void }) {
  const { say } = useShellWords()
  const connectors = useConnectors().filter(({ id }) => id !== DEMO_CONNECTOR_ID)
  const { mutate, isPending, variables, error } = useConnect()
  const connect = (connector: Connector) =>
    mutate({ connector }, { onSuccess: () => onConnected?.() })

  return (
    <div className="stack">
      {connectors.map((connector) => (
        <Button
          key={connector.uid}
          isBusy={isPending && variables.connector === connector}
          onClick={() => connect(connector)}
        >
          {connector.icon !== undefined && (
            // eslint-disable-next-line @next/next/no-img-element -- wallets announce data: addresses
            <img src={connector.icon.trim()} alt="" width={24} height={24} />
          )}
          <bdi>{connector.name}</bdi>
        </Button>
      ))}
      {connectors.length === 0 && (
        <Notice kind="info" title={say('wallet.none')} code="NO_WALLET">
          <p>{say('wallet.none.words')}</p>
        </Notice>
      )}
      {error && (
        <Notice kind="bad">
          <ErrorWords error={error} />
        </Notice>
      )}
    </div>
  )
}
