'use client'

import { useEffect, useEffectEvent, useState } from 'react'
import { changed, historyOf, redone, type SiteHistory, undone } from './site-history.ts'
import type { Sites } from './site-edits.ts'

/** The sites that somebody draws, with every change to be taken back: by button, or Ctrl+Z and Ctrl+Shift+Z. */
export type DraftSites = {
  sites: Sites
  change: (next: { sites: Sites; words: string; run?: string }) => void
  undo: () => void
  redo: () => void
  /** What would be taken back or made again, in words; undefined where there is nothing. */
  undoes: string | undefined
  redoes: string | undefined
  /** What was taken back or made again last, to be announced. */
  said: string
}

/** Keeps the sites of a draft and their history. */
export function useSites(): DraftSites {
  const [history, setHistory] = useState<SiteHistory>(() => historyOf([]))
  const [said, setSaid] = useState('')
  const undoes = history.past.at(-1)?.words
  const redoes = history.future.at(-1)?.words
  const undo = () => {
    if (undoes !== undefined) setSaid(`Taken back: ${undoes}.`)
    setHistory(undone)
  }
  const redo = () => {
    if (redoes !== undefined) setSaid(`Made again: ${redoes}.`)
    setHistory(redone)
  }

  const press = useEffectEvent((event: KeyboardEvent) => {
    const isUndo =
      (event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === 'z'
    // In a text, the keys take typing back; that is the browser's own.
    if (!isUndo || isTyping(event.target)) return
    event.preventDefault()
    if (event.shiftKey) redo()
    else undo()
  })
  useEffect(() => {
    const hear = (event: KeyboardEvent) => press(event)
    document.addEventListener('keydown', hear)
    return () => document.removeEventListener('keydown', hear)
  }, [])

  return {
    sites: history.sites,
    change: ({ sites, words, run }) => {
      setSaid('')
      setHistory((last) => changed({ history: last, sites, words, ...(run && { run }) }))
    },
    undo,
    redo,
    undoes,
    redoes,
    said,
  }
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof Element &&
    target.closest('textarea, input:not([type=checkbox], [type=radio], [type=file])') !== null
  )
}
