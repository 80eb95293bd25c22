'use client'

import { useSyncExternalStore } from 'react'

// Between the pages and the wallet on a phone, as `wallet.ts` is for every wallet: small, since it stands on every page.

/** By which wagmi knows the wallet on a phone. */
export const PHONE_WALLET = 'walletConnect'

/** What is shown to a wallet so that it finds this page. */
export type PhoneCode = {
  uri: string
  /** Unix milliseconds. */
  until: number
}

/** What a wallet on a phone is being asked while a page waits. */
export type PhoneQuestion = {
  wallet: string
  /** Opens the wallet on this device, where it says how. */
  link: string | undefined
  /** Stops waiting; the wallet cannot be made to forget. */
  leave: () => void
}

let code: PhoneCode | undefined
let stopPairing: (() => void) | undefined
let question: PhoneQuestion | undefined
const listeners = new Set<() => void>()

/** The code that waits for a wallet; none before the relay has answered. */
export function usePhoneCode(): PhoneCode | undefined {
  return useSyncExternalStore(
    listen,
    () => code,
    () => undefined,
  )
}

/** The question that waits in a wallet on a phone. */
export function usePhoneQuestion(): PhoneQuestion | undefined {
  return useSyncExternalStore(
    listen,
    () => question,
    () => undefined,
  )
}

/** Shows a code, or no more; `stop` is what cancelling it does. */
export function tellPhoneCode(next: PhoneCode | undefined, stop?: () => void): void {
  code = next
  stopPairing = stop
  tell()
}

/** Says what a wallet is being asked, or nothing any more. */
export function tellPhoneQuestion(next: PhoneQuestion | undefined): void {
  question = next
  tell()
}

/** Gives up the code that is shown or being made. */
export function cancelPhoneCode(): void {
  stopPairing?.()
}

/** Whether it was the person who ended the wait for a code, who needs no telling. */
export function hasCancelled(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError'
}

function tell() {
  for (const listener of listeners) listener()
}

function listen(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
