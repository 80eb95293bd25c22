import type { Config, Connector } from 'wagmi'
import {
  connect,
  disconnect,
  getConnection,
  getConnections,
  reconnect,
  switchChain,
  watchConnection,
  watchConnectors,
} from 'wagmi/actions'
import type { AppConfig } from './parse-config.ts'
import { tellWallet } from './wallet.ts'
import { wagmiOf } from './wagmi-config.ts'
import { injectedSoon, LATE_MILLISECONDS, NAMELESS } from './wallets-here.ts'

let isRecalling = false
const told = new WeakSet<Config>()

/** Connects a wallet without asking its person; it must have allowed this page before. */
export async function reconnectWallet({ config, id }: { config: AppConfig; id: string }) {
  const wagmi = wagmiToldBy(config)
  if (id === NAMELESS) await injectedSoon({ window }) // wagmi looks once, and takes none for nobody
  const connector = await connectorSoon({ wagmi, id })
  isRecalling = true // told once, when it is known: wagmi calls this connecting, as if a person were being asked
  if (connector !== undefined) await reconnect(wagmi, { connectors: [connector] })
  isRecalling = false
  tellWallet(getConnection(wagmi))
}

/** Asks a wallet's person to connect it. */
export async function connectBy({ config, id }: { config: AppConfig; id: string }) {
  const wagmi = wagmiToldBy(config)
  // Not awaited where it is there: a wallet may open only while the tap that asked for it is fresh.
  const connector = connectorIn({ wagmi, id }) ?? (await connectorSoon({ wagmi, id }))
  if (connector === undefined) throw new Error('This wallet is not here any more.')
  if (connector.uid !== wagmi.state.current) await connect(wagmi, { connector })
}

/** Disconnects every wallet. */
export async function disconnectAll(config: AppConfig): Promise<void> {
  const wagmi = wagmiToldBy(config)
  for (const { connector } of getConnections(wagmi)) await disconnect(wagmi, { connector })
}

/** Asks a wallet, or the one that is connected, to go to the configured network. */
export async function switchTo({
  config,
  connector,
}: {
  config: AppConfig
  connector: Connector | undefined
}): Promise<void> {
  await switchChain(wagmiToldBy(config), {
    chainId: config.chainId,
    ...(connector && { connector }),
  })
}

/** The connector with this id, made if need be. */
export function connectorFor({ config, id }: { config: AppConfig; id: string }) {
  return connectorIn({ wagmi: wagmiToldBy(config), id })
}

function wagmiToldBy(config: AppConfig): Config {
  const wagmi = wagmiOf(config)
  if (!told.has(wagmi)) {
    told.add(wagmi)
    watchConnection(wagmi, { onChange: (wallet) => isRecalling || tellWallet(wallet) })
  }
  return wagmi
}

function connectorIn({ wagmi, id }: { wagmi: Config; id: string }): Connector | undefined {
  return wagmi.connectors.find((connector) => connector.id === id)
}

/** The connector with this id, also where its wallet says a moment later that it is there. */
async function connectorSoon({
  wagmi,
  id,
}: {
  wagmi: Config
  id: string
}): Promise<Connector | undefined> {
  const here = connectorIn({ wagmi, id })
  if (here !== undefined) return here
  return await new Promise((resolve) => {
    const end = (found: Connector | undefined) => {
      clearTimeout(timer)
      stop()
      resolve(found)
    }
    const timer = setTimeout(() => end(undefined), LATE_MILLISECONDS)
    const stop = watchConnectors(wagmi, {
      onChange: () => {
        const found = connectorIn({ wagmi, id })
        if (found !== undefined) end(found)
      },
    })
  })
}
