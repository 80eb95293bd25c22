'use client'

import { type SubmitEvent, useState } from 'react'
import type { Failure } from '../../chain/explain-revert.ts'
import { Button } from '../../ui/Button.tsx'
import { Field, type FieldProblem } from '../../ui/Field.tsx'
import { useWords } from '../../words/use-words.ts'
import { Camera } from './Camera.tsx'
import styles from './there.module.css'

const notOurs: Failure = {
  code: 'NO_CLAIM_LINK',
  sentence: 'This is no link to coupons. Scan the code on the card, or paste the whole link.',
}

/** Opens a printed card's link, by the camera or as text, so that its coupons come into this pocket. */
export function CardScan() {
  const { say, explain } = useWords()
  const [pasted, setPasted] = useState('')
  const [problem, setProblem] = useState<FieldProblem>()

  const open = (text: string) => {
    const fragment = fragmentIn(text)
    setProblem(
      fragment === undefined ? { code: notOurs.code, message: explain(notOurs) } : undefined,
    )
    // Only what stands behind the number sign is taken: whatever site the card names, its coupons are looked for here.
    if (fragment !== undefined) location.assign(`/c#${fragment}`)
  }
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    open(pasted)
  }

  return (
    <div className={styles.scan}>
      <Camera onText={open} />
      <form className={styles.paste} onSubmit={submit}>
        <Field
          label={say('scan.field')}
          value={pasted}
          onChange={(event) => setPasted(event.target.value)}
          problem={problem}
          spellCheck={false}
          autoComplete="off"
          autoCapitalize="off"
        />
        <Button type="submit">{say('scan.open')}</Button>
      </form>
    </div>
  )
}

/** What a claim link has behind its number sign; whether it opens anything is said where it is opened. */
function fragmentIn(text: string): string | undefined {
  const link = text.trim()
  const at = link.indexOf('/c#')
  return at === -1 || link.length > 500 ? undefined : link.slice(at + '/c#'.length)
}
