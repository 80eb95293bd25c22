'use client'

import { type SubmitEvent, useState } from 'react'
import type { Failure } from '../../chain/explain-revert.ts'
import { Button } from '../../ui/Button.tsx'
import { Field } from '../../ui/Field.tsx'
import { useWords } from '../../words/use-words.ts'
import styles from './there.module.css'

/** Asks for the account of the tracking app, and has the wallet sign that it is the holder's. */
export function WorkerForm({
  handle,
  isBusy,
  failure,
  onBind,
}: {
  handle: string | undefined
  isBusy: boolean
  failure: Failure | undefined
  onBind: (workerHandle: string) => void
}) {
  const { say, explain } = useWords()
  const [typed, setTyped] = useState(handle ?? '')
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    onBind(typed.trim())
  }
  return (
    <form className={styles.there} onSubmit={submit} noValidate>
      <Field
        label={say('there.account')}
        hint={say('there.account.hint')}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        problem={failure && { code: failure.code, message: explain(failure) }}
        spellCheck={false}
        autoComplete="off"
        autoCapitalize="off"
      />
      <Button type="submit" className={styles.wide} isBusy={isBusy} disabled={typed.trim() === ''}>
        {say('there.bind')}
      </Button>
    </form>
  )
}
