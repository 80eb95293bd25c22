'use client'

import { useState } from 'react'
import { useShellWords } from '../words/Speaking.tsx'
import { Button } from './Button.tsx'

/** Copies a text; `label` names what is copied for those who cannot see where the button stands. */
export function CopyButton({ text, label }: { text: string; label: string }) {
  const { say } = useShellWords()
  const [hasCopied, setHasCopied] = useState(false)
  const copy = async () => {
    await navigator.clipboard.writeText(text)
    setHasCopied(true)
    setTimeout(() => setHasCopied(false), 2_000)
  }
  return (
    <Button
      kind="quiet"
      onClick={() => void copy()}
      aria-label={say('common.copyThat', { what: label })}
    >
      {say(hasCopied ? 'common.copied' : 'common.copy')}
    </Button>
  )
}
