'use client'

import { useEffect, useState } from 'react'
import { useConnect, useConnection, useConnectors, useDisconnect } from 'wagmi'
import { useConfig } from '../chain/config.tsx'
import { demoAccounts, demoNameOf, isDemoAccountId } from '../chain/demo-accounts.ts'
import { DEMO_CONNECTOR_ID, isDemoConnector } from '../chain/demo-connector.ts'
import styles from './header.module.css'

/** The plainly marked choice of the local chain's public accounts; drawn on the local chain's demo only. */
export function DemoBar() {
  const config = useConfig()
  return config.isDemo ? <DemoChooser /> : null
}

function DemoChooser() {
  const connectors = useConnectors()
  const connection = useConnection()
  const { mutateAsync: connect } = useConnect()
  const { mutateAsync: disconnect } = useDisconnect()
  const [chosen, setChosen] = useState('')
  const isConnected = connection.connector?.id === DEMO_CONNECTOR_ID
  const demo = connectors.find(({ id }) => id === DEMO_CONNECTOR_ID)

  useEffect(() => {
    if (!isConnected || !isDemoConnector(demo)) return
    void demo.selectedAccount().then(setChosen)
  }, [isConnected, demo, connection.address])

  const choose = async (id: string) => {
    if (!isDemoConnector(demo)) return
    setChosen(id)
    if (!isDemoAccountId(id)) {
      if (isConnected) await disconnect({ connector: demo })
      return
    }
    await demo.selectAccount(id)
    if (!isConnected) await connect({ connector: demo })
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
