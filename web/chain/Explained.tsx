'use client'

import { explainRevert } from './explain-revert.ts'

/** An error in words, with its code. Brings the contracts' whole ABI with it: drawn through `ErrorWords`. */
export function Explained({ error }: { error: unknown }) {
  const { code, sentence } = explainRevert(error)
  return (
    <>
      <p>{sentence}</p>
      <p className="soft small">
        Code <code>{code}</code>
      </p>
    </>
  )
}
