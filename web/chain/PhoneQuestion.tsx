'use client'

import { Button, OutLink } from '../ui/Button.tsx'
import { Dialog } from '../ui/Dialog.tsx'
import { Spinner } from '../ui/Spinner.tsx'
import { useWords } from '../words/use-words.ts'
import type { PhoneQuestion as Question } from './wallet-connect-state.ts'

/** The question that waits in a wallet on a phone: what to do there, a tap that opens it, and a way out. */
export function PhoneQuestion({ question: { wallet, link, leave } }: { question: Question }) {
  const { say, rich } = useWords()
  const name = <bdi>{wallet}</bdi>
  // An app's own link opens over this page; a web address must not take its place.
  const aside = link?.startsWith('https:') ? { target: '_blank' } : {}
  return (
    <Dialog title={say('phone.asks')} isOpen onClose={leave}>
      <p role="status" className="row">
        <Spinner /> <span>{rich('phone.asks.words', { wallet: name })}</span>
      </p>
      {link !== undefined && (
        <OutLink href={link} rel="noreferrer" {...aside}>
          {rich('phone.asks.open', { wallet: name })}
        </OutLink>
      )}
      <Button onClick={leave}>{say('phone.asks.leave')}</Button>
    </Dialog>
  )
}
