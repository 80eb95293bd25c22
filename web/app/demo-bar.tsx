'use client'

import { useEffect, useState } from 'react'
import { useConfig } from '../chain/config.tsx'
import {
  demoAccounts,
  demoNameOf,
  isDemoAccountId,
  isDemoConnector,
} from '../chain/demo-accounts.ts'
import { disconnectWallet, useWallet } from '../chain/wallet.ts'
import styles from './header.module.css'

/** The plainly marked choice of the local chain's public accounts; drawn on the local chain's demo only. */
export function DemoBar() {
  const config = useConfig()
  return config.isDemo ? <DemoChooser /> : null
}

function DemoChooser() {
  const config = useConfig()
  const { address, connector, status } = useWallet()
  const [chosen, setChosen] = useState('')
  const isConnected = status === 'connected' && isDemoConnector(connector)

  useEffect(() => {
    if (isConnected) void connector.selectedAccount().then(setChosen)
  }, [isConnected, connector, address])

  const choose = async (id: string) => {
    setChosen(id)
    if (isDemoAccountId(id)) {
      const { chooseDemoAccount } = await import('../chain/demo-choice.ts')
      await chooseDemoAccount({ config, id })
    } else if (isConnected) {
      await disconnectWallet(config)
    }
  }

  return (
    <aside className={styles.demo} aria-label="Demo" lang="en" dir="ltr">
      <div className={styles.inside}>
        <label htmlFor="demo-account">Demo accounts – local chain only</label>
        <select
          id="demo-account"
          value={isConnected ? chosen : ''}
          onChange={(event) => void choose(event.target.value)}
        >
          <option value="">None</option>
          {demoAccounts.map(({ id }) => (
            <option key={id} value={id}>
              {demoNameOf(id)}
            </option>
          ))}
        </select>
      </div>
    </aside>
  )
}
