'use client'

import type { ReactNode } from 'react'
import type { PlannedCall } from '../../chain/cost.ts'
import { CostNote } from '../../chain/CostNote.tsx'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import styles from './organise.module.css'

/** Something that somebody is about to sign: the question, what it means, what the signature does, and the two answers. */
export type Deed = {
  question: string
  meaning: readonly string[]
  /** What is signed, in words. */
  signs: string
  call: PlannedCall
  yes: string
  no: string
  isDangerous?: boolean
}

/** Asks before a wallet does: what it means, what it costs, and whether to go on. */
export function DeedDialog({
  deed,
  onYes,
  onClose,
  children,
}: {
  /** Undefined: nothing is asked. */
  deed: Deed | undefined
  onYes: () => void
  onClose: () => void
  children?: ReactNode
}) {
  return (
    <Dialog title={deed?.question} isOpen={deed !== undefined} onClose={onClose}>
      {deed && (
        <>
          {deed.meaning.map((sentence) => (
            <p key={sentence}>{sentence}</p>
          ))}
          {children}
          <CostNote deed={deed.signs} call={deed.call} />
          <div className={styles.answers}>
            <Button onClick={onClose}>{deed.no}</Button>
            <Button kind={deed.isDangerous ? 'danger' : 'main'} onClick={onYes}>
              {deed.yes}
            </Button>
          </div>
        </>
      )}
    </Dialog>
  )
}
