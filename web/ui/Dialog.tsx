'use client'

import { type ReactNode, useId, useLayoutEffect, useRef } from 'react'
import { useShellWords } from '../words/Speaking.tsx'
import { Button } from './Button.tsx'
import styles from './Dialog.module.css'

/** A dialog of the browser's own: focus stays inside, Escape closes it. */
export function Dialog({
  title,
  isOpen,
  onClose,
  children,
}: {
  title: ReactNode
  isOpen: boolean
  onClose: () => void
  children: ReactNode
}) {
  const element = useRef<HTMLDialogElement>(null)
  const titleId = useId()
  const { say } = useShellWords()

  // Closed, not only removed: the browser then gives the focus back to where it came from.
  useLayoutEffect(() => {
    const dialog = element.current
    if (!isOpen) return
    dialog?.showModal()
    return () => dialog?.close()
  }, [isOpen])

  return (
    <dialog ref={element} className={styles.dialog} aria-labelledby={titleId} onClose={onClose}>
      {isOpen && (
        <div className={styles.sheet}>
          <div className={styles.head}>
            <h2 id={titleId}>{title}</h2>
            <Button kind="quiet" onClick={onClose} aria-label={say('common.close')}>
              ×
            </Button>
          </div>
          {children}
        </div>
      )}
    </dialog>
  )
}
