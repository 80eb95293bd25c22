'use client'

import { useShellWords } from '../words/Speaking.tsx'
import { explainRevert } from './explain-revert.ts'

/** An error in words, with its code. Brings the contracts' whole ABI with it: drawn through `ErrorWords`. */
export function Explained({ error }: { error: unknown }) {
  const { say, explain } = useShellWords()
  const failure = explainRevert(error)
  return (
    <>
      <p>{explain(failure)}</p>
      <p className="soft small">
        {say('common.code')} <code>{failure.code}</code>
      </p>
    </>
  )
}
