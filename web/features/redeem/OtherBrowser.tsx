'use client'

import { type SubmitEvent, useState } from 'react'
import { Button } from '../../ui/Button.tsx'
import { Field } from '../../ui/Field.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { usePageTitle } from '../../ui/use-page-title.ts'
import { useWords } from '../../words/use-words.ts'
import { LivePosition } from './LivePosition.tsx'
import styles from './pairing.module.css'
import { useOtherBrowser } from './use-other-browser.ts'

/** Says where a person is to the page in their wallet, which cannot find out; nothing else can be done here. */
export function OtherBrowser({ given }: { given: string }) {
  const { say, rich, explain } = useWords()
  usePageTitle(say('there.title'))
  const { state, open, take, forget } = useOtherBrowser(given)

  return (
    <div className={styles.page}>
      <h1>{say('there.title')}</h1>
      {body()}
    </div>
  )

  function body() {
    switch (state.step) {
      case 'typing':
        return <TypeCode onCode={open} />
      case 'opening':
        return <p role="status">{say('opening.code')}</p>
      case 'asked':
        return (
          <>
            <p className={styles.lead}>{asks()}</p>
            {state.request.bookName !== '' && (
              <p className="soft">
                <bdi>{state.request.bookName}</bdi>
              </p>
            )}
            <p>{say('there.sealed')}</p>
            <p className="soft">{say('there.notYours')}</p>
            <Button kind="main" className={styles.big} onClick={take}>
              {say('there.take')}
            </Button>
          </>
        )
      case 'answering':
        return (
          <>
            <div role="status">
              <p className={styles.lead}>{say(state.isSent ? 'there.sent' : 'there.looking')}</p>
              {state.isSent && <p>{say('there.sent.words')}</p>}
            </div>
            {state.best && <LivePosition position={state.best} document={undefined} />}
          </>
        )
      case 'done':
        return (
          <Notice kind="good" title={say('there.done')}>
            <p>{say('there.done.words')}</p>
          </Notice>
        )
      case 'failed':
        return (
          <Notice
            kind="warn"
            title={say('there.failed')}
            code={state.failure.code}
            action={
              state.isOpened ? (
                <Button onClick={take}>{say('common.again')}</Button>
              ) : (
                <Button onClick={forget}>{say('there.another')}</Button>
              )
            }
          >
            <p>{explain(state.failure)}</p>
          </Notice>
        )
    }
  }

  function asks() {
    if (state.step !== 'asked') return null
    return rich('there.asks', {
      campaign: <bdi>{state.request.campaignName}</bdi>,
      b: (inside) => <b>{inside}</b>,
    })
  }
}

function TypeCode({ onCode }: { onCode: (code: string) => void }) {
  const { say } = useWords()
  const [code, setCode] = useState('')
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    onCode(code)
  }
  return (
    <form className={styles.form} onSubmit={submit}>
      <Field
        label={say('there.code')}
        hint={say('there.code.hint')}
        value={code}
        onChange={(event) => setCode(event.target.value)}
        dir="ltr"
        spellCheck={false}
        autoComplete="off"
        autoCapitalize="characters"
      />
      <Button kind="main" type="submit" disabled={code.trim() === ''}>
        {say('there.open')}
      </Button>
    </form>
  )
}
