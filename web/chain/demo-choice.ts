import { DEMO_CONNECTOR_ID, type DemoAccountId, isDemoConnector } from './demo-accounts.ts'
import type { AppConfig } from './parse-config.ts'
import { connectWallet } from './wallet.ts'
import { connectorFor } from './wallet-deeds.ts'

/** Becomes one of the local chain's public accounts. */
export async function chooseDemoAccount({ config, id }: { config: AppConfig; id: DemoAccountId }) {
  const demo = connectorFor({ config, id: DEMO_CONNECTOR_ID })
  if (!isDemoConnector(demo)) return
  await demo.selectAccount(id)
  await connectWallet({ config, id: DEMO_CONNECTOR_ID })
}
