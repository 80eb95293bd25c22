'use client'

import { useSyncExternalStore } from 'react'
import type { Connector } from 'wagmi'
import type { GetConnectionReturnType } from 'wagmi/actions'
import type { AppConfig } from './parse-config.ts'

// Between the pages and wagmi. Who came with a claim link never needs a wallet, and should not wait for the code of one: it is
// loaded when a wallet was connected here before, or when a person asks for one.

/** Which wallet is connected, in wagmi's own words; none while wagmi has not been asked. */
export type WalletState = GetConnectionReturnType

const NOTE = 'coupon-secure.wallet'

const NONE: WalletState = {
  address: undefined,
  addresses: undefined,
  chain: undefined,
  chainId: undefined,
  connector: undefined,
  isConnected: false,
  isConnecting: false,
  isDisconnected: true,
  isReconnecting: false,
  status: 'disconnected',
}
const LOADING: WalletState = {
  ...NONE,
  isDisconnected: false,
  isReconnecting: true,
  status: 'reconnecting',
}

let state: WalletState = NONE
const listeners = new Set<() => void>()

/** The wallet that is connected; the same on every page, whether it has loaded wagmi or not. */
export function useWallet(): WalletState {
  return useSyncExternalStore(
    listen,
    () => state,
    () => NONE,
  )
}

/** Passes on what wagmi says of the wallet. */
export function tellWallet(next: WalletState): void {
  state = next
  for (const listener of listeners) listener()
}

/** Connects the wallet again that was connected when this browser was here last; without one nothing is loaded. */
export async function recallWallet(config: AppConfig): Promise<void> {
  const id = notedWallet()
  if (id === null || state !== NONE) return
  tellWallet(LOADING)
  try {
    const { reconnectWallet } = await import('./wallet-deeds.ts')
    await reconnectWallet({ config, id })
  } catch {
    tellWallet(NONE) // not loaded, or not there any more: the button offers to connect one
  }
}

/** Asks the wallet with this id to connect. */
export async function connectWallet({ config, id }: { config: AppConfig; id: string }) {
  const { connectBy } = await import('./wallet-deeds.ts')
  await connectBy({ config, id })
  noteWallet(id)
}

/** Lets go of the wallet. */
export async function disconnectWallet(config: AppConfig): Promise<void> {
  noteWallet(null)
  const { disconnectAll } = await import('./wallet-deeds.ts')
  await disconnectAll(config)
}

/** Asks the wallet to go to the configured network. */
export async function switchNetwork({
  config,
  connector,
}: {
  config: AppConfig
  connector?: Connector | undefined
}): Promise<void> {
  const { switchTo } = await import('./wallet-deeds.ts')
  await switchTo({ config, connector })
}

/** Loads what connecting takes, so that the tap itself has nothing to wait for. */
export async function prepareWallet(): Promise<void> {
  await import('./wallet-deeds.ts').catch(() => undefined) // the tap tries again, and says so
}

function listen(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

function notedWallet(): string | null {
  try {
    return localStorage.getItem(NOTE)
  } catch {
    return null // a browser that keeps nothing
  }
}

function noteWallet(id: string | null): void {
  try {
    if (id === null) localStorage.removeItem(NOTE)
    else localStorage.setItem(NOTE, id)
  } catch {
    // It is connected all the same, until the page is loaded again.
  }
}
