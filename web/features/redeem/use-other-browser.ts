'use client'

import { readPairingCode } from '@coupon-secure/protocol/pairing'
import type { Position } from '@coupon-secure/protocol/wire-evidence'
import type { PairedRequest } from '@coupon-secure/protocol/wire-pairing'
import { useCallback, useEffect, useRef, useState } from 'react'
import { bytesToHex, type Hex, isHex } from 'viem'
import { useConfig } from '../../chain/config.tsx'
import type { Failure } from '../../chain/explain-revert.ts'
import { keepAnswering, type Opened, openRequest } from './other-side.ts'
import { boxOf } from './pairing-box.ts'
import { takePosition } from './position.ts'
import { ownReceiver } from './receiver.ts'

/** Where this browser stands between a code and a position sent. */
export type OtherBrowserState =
  | { step: 'typing' }
  | { step: 'opening' }
  | { step: 'asked'; request: PairedRequest }
  | { step: 'answering'; best: Position | undefined; isSent: boolean }
  | { step: 'done' }
  | { step: 'failed'; failure: Failure; isOpened: boolean }

// For this tab: a reload goes on as the same browser, with the same code.
const KEPT = 'coupon-secure.there'
const TOKEN_BYTES = 32
// Of an answered request: the wallet's page has what it needs.
const DONE_CODES = new Set(['PAIRING_OVER'])

/** Opens a code, takes the position when the person says so, and sends it for as long as it is asked for. */
export function useOtherBrowser(given: string) {
  const { chainId, oracleUrl } = useConfig()
  const [state, setState] = useState<OtherBrowserState>({ step: 'opening' })
  const opened = useRef<Opened>(undefined)
  const running = useRef<AbortController>(undefined)
  const sent = useRef(false)

  const open = useCallback(
    async (code: string) => {
      setState({ step: 'opening' })
      const line = { fetch: (url: string, init?: RequestInit) => fetch(url, init), url: oracleUrl }
      // Typed or from a link, the same code has the same token.
      const writerToken = tokenFor(readPairingCode(code) ?? code)
      const result = await openRequest({
        ...{ code, chainId, writerToken },
        boxOf: (id) => boxOf({ line, id }),
      })
      opened.current = result.ok ? result.opened : undefined
      setState(
        result.ok
          ? { step: 'asked', request: result.opened.request }
          : { step: 'failed', failure: result.failure, isOpened: false },
      )
    },
    [chainId, oracleUrl],
  )

  const take = useCallback(async () => {
    if (opened.current === undefined) return
    running.current?.abort()
    const run = new AbortController()
    running.current = run
    sent.current = false
    const isSent = () => sent.current
    const hasLeft = () => run.signal.aborted
    const show = (best: Position | undefined) => {
      if (!hasLeft()) setState({ step: 'answering', best, isSent: isSent() })
    }
    show(undefined)
    const failure = await keepAnswering({
      answer: opened.current.answer,
      locate: (after) =>
        takePosition({
          ...{ locator: ownReceiver(), page: document, signal: run.signal, onFix: show },
          ...(after !== undefined && { after, isGood: () => true }),
        }),
      onSent: (position) => {
        sent.current = true
        show(position)
      },
      wait: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
      signal: run.signal,
    })
    if (failure === undefined || hasLeft()) return
    if (isSent() && DONE_CODES.has(failure.code)) {
      sessionStorage.removeItem(KEPT)
      return setState({ step: 'done' })
    }
    const isOpened = failure.code.startsWith('POSITION_')
    setState({ step: 'failed', failure, isOpened })
  }, [])

  useEffect(() => {
    // Not at once, so that drawing twice in a row opens it once.
    const soon = setTimeout(() => {
      const code = given === '' ? keptCode() : given
      if (code === undefined) setState({ step: 'typing' })
      else void open(code)
    })
    return () => {
      clearTimeout(soon)
      running.current?.abort()
    }
  }, [given, open])

  return {
    state,
    open: (code: string) => void open(code),
    take: () => void take(),
    forget: () => {
      sessionStorage.removeItem(KEPT)
      setState({ step: 'typing' })
    },
  }
}

function keptCode(): string | undefined {
  return kept()?.code
}

/** This tab's token for a code, kept with it; another code has another. */
function tokenFor(code: string): Hex {
  const earlier = kept()
  if (earlier?.code === code) return earlier.token
  const token = bytesToHex(crypto.getRandomValues(new Uint8Array(TOKEN_BYTES)))
  try {
    sessionStorage.setItem(KEPT, JSON.stringify({ code, token }))
  } catch {
    // Full or forbidden: a reload then asks for another code.
  }
  return token
}

function kept(): { code: string; token: Hex } | undefined {
  try {
    const value: unknown = JSON.parse(sessionStorage.getItem(KEPT) ?? 'null')
    if (typeof value !== 'object' || value === null) return undefined
    const code: unknown = Reflect.get(value, 'code')
    const token: unknown = Reflect.get(value, 'token')
    return typeof code === 'string' && isHex(token) ? { code, token } : undefined
  } catch {
    return undefined
  }
}
