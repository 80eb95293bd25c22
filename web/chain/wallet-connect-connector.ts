import { createConnector } from 'wagmi'
import type { Eip1193 } from './eip1193.ts'
import { PhoneWalletError } from './wallet-connect-errors.ts'
import type { PhoneLink } from './wallet-connect-link.ts'
import { ASKED_OF_WALLETS } from './wallet-connect-session.ts'
import type { WalletConnectSettings } from './wallet-connect-settings.ts'
import { PHONE_WALLET, tellPhoneCode, tellPhoneQuestion } from './wallet-connect-state.ts'
import { phoneLinkStorage } from './wallet-connect-storage.ts'

/** A connector for the wallet on a phone. The library behind it is loaded when it is first asked for anything. */
export function walletConnectConnector({
  settings,
  chainId,
  read,
}: {
  settings: WalletConnectSettings
  chainId: number
  /** Our own node: what it can answer is asked of nobody else. */
  read: Eip1193['request']
}) {
  return createConnector<Eip1193>(({ chains, emitter }) => {
    let opening: Promise<PhoneLink> | undefined
    const link = () => (opening ??= open())
    const open = async () => {
      try {
        const { openPhoneLink } = await import('./wallet-connect-link.ts')
        return await openPhoneLink({
          settings,
          chainId,
          origin: window.location.origin,
          storage: phoneLinkStorage(() => localStorage),
          onChange: () => void tellChange(),
          onGone: () => emitter.emit('disconnect'),
          onQuestion: tellPhoneQuestion,
        })
      } catch (error) {
        opening = undefined // the next tap tries again
        throw error
      }
    }
    const tellChange = async () => {
      const { accounts, network } = await link()
      emitter.emit('change', { accounts: accounts(), chainId: network() })
    }
    const pair = async () => {
      const stop = new AbortController()
      tellPhoneCode(undefined, () => stop.abort())
      try {
        const { pair } = await link()
        const onCode = (code: { uri: string; until: number }) =>
          tellPhoneCode(code, () => stop.abort())
        await pair({ onCode, signal: stop.signal })
      } finally {
        tellPhoneCode(undefined)
      }
    }
    const chainIdNow = async () => (await link()).network() ?? chainId
    const provider: Eip1193 = {
      request: async ({ method, params }) => {
        const { accounts, ask } = await link()
        if (method === 'eth_accounts' || method === 'eth_requestAccounts') return accounts()
        if (method === 'eth_chainId') return `0x${(await chainIdNow()).toString(16)}`
        if (ASKED_OF_WALLETS.includes(method)) return await ask({ method, params })
        return await read({ method, ...(params && { params }) })
      },
    }

    return {
      id: PHONE_WALLET,
      name: 'WalletConnect',
      type: 'walletConnect',
      async connect({ isReconnecting = false, withCapabilities } = {}) {
        const { accounts } = await link()
        if (accounts().length === 0) {
          if (isReconnecting) throw new PhoneWalletError({ code: 'PHONE_WALLET_GONE' })
          await pair()
        }
        return {
          // wagmi's conditional return type cannot be met without a cast; this is its own shape.
          accounts: (withCapabilities
            ? accounts().map((address) => ({ address, capabilities: {} }))
            : accounts()) as never,
          chainId: await chainIdNow(),
        }
      },
      disconnect: async () => (await link()).leave(),
      getAccounts: async () => (await link()).accounts(),
      getChainId: chainIdNow,
      getProvider: () => Promise.resolve(provider),
      isAuthorized: async () => (await link()).accounts().length > 0,
      async switchChain({ chainId: wanted }) {
        const chain = chains.find(({ id }) => id === wanted)
        if (chain !== undefined && (await chainIdNow()) === wanted) return chain
        // A session is on the networks that its wallet allowed when it was made.
        throw new PhoneWalletError({ code: 'PHONE_NETWORK_MISSING' })
      },
      onAccountsChanged() {
        // Told by the session itself.
      },
      onChainChanged() {
        // Each request names its network; the session says which are allowed.
      },
      onDisconnect() {
        emitter.emit('disconnect')
      },
    }
  })
}
