import { getAddress, isAddress, SwitchChainError } from 'viem'
import { createConnector } from 'wagmi'
import {
  DEMO_CONNECTOR_ID,
  type DemoAccountId,
  type DemoProperties,
  isDemoAccountId,
} from './demo-accounts.ts'
import type { Eip1193 } from './eip1193.ts'

type StorageItem = { 'demo.account': DemoAccountId }

/** A connector for the local chain's public accounts. It exists only where `isDemo` is configured. */
export function demoConnector({ rpcUrl }: { rpcUrl: string }) {
  return createConnector<Eip1193, DemoProperties, StorageItem>((wagmi) => {
    const providers = new Map<DemoAccountId, Eip1193>()
    let isConnected = false

    const selected = async (): Promise<DemoAccountId> => {
      const id = await wagmi.storage?.getItem('demo.account')
      return isDemoAccountId(id) ? id : 'organiser'
    }
    const provider = async () => {
      const id = await selected()
      const known = providers.get(id)
      if (known !== undefined) return known
      const { demoProvider } = await import('./demo-provider.ts')
      const made = demoProvider({ rpcUrl, id })
      providers.set(id, made)
      return made
    }
    const accounts = async () => addressesOf(await (await provider()).request(eth('accounts')))
    const chainId = async () => Number(await (await provider()).request(eth('chainId')))

    return {
      id: DEMO_CONNECTOR_ID,
      name: 'Demo accounts',
      type: 'demo',
      selectedAccount: selected,
      async selectAccount(id) {
        await wagmi.storage?.setItem('demo.account', id)
        if (isConnected) wagmi.emitter.emit('change', { accounts: await accounts() })
      },
      async connect({ withCapabilities } = {}) {
        const found = await accounts()
        isConnected = true
        return {
          // wagmi's conditional return type cannot be met without a cast; this is its own shape.
          accounts: (withCapabilities
            ? found.map((address) => ({ address, capabilities: {} }))
            : found) as never,
          chainId: await chainId(),
        }
      },
      disconnect() {
        isConnected = false
        return Promise.resolve()
      },
      getAccounts: accounts,
      getChainId: chainId,
      getProvider: provider,
      async isAuthorized() {
        return isDemoAccountId(await wagmi.storage?.getItem('demo.account'))
      },
      switchChain({ chainId: wanted }) {
        const chain = wagmi.chains.find(({ id }) => id === wanted)
        if (!chain) throw new SwitchChainError(new Error('The demo knows the local chain alone.'))
        return Promise.resolve(chain)
      },
      onAccountsChanged() {
        // The account changes through selectAccount alone.
      },
      onChainChanged() {
        // The local chain does not change.
      },
      onDisconnect() {
        isConnected = false
        wagmi.emitter.emit('disconnect')
      },
    }
  })
}

function eth(noun: string) {
  return { method: `eth_${noun}` }
}

function addressesOf(answer: unknown) {
  if (!Array.isArray(answer)) return []
  return answer.flatMap((item: unknown) =>
    typeof item === 'string' && isAddress(item) ? [getAddress(item)] : [],
  )
}
