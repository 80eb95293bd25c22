'use client'

import { Button } from '../ui/Button.tsx'
import { Notice } from '../ui/Notice.tsx'
import { useShellWords } from '../words/Speaking.tsx'

/** What stands in a page's place when it has broken, or when a part of it could not be loaded. */
export default function ErrorPage({ error }: { error: Error }) {
  const { say } = useShellWords()
  return (
    <div className="stack-wide">
      <h1>{say('error.title')}</h1>
      <Notice
        kind="bad"
        title={say('error.part')}
        code="PAGE_BROKEN"
        action={
          <Button kind="main" onClick={() => location.reload()}>
            {say('error.open')}
          </Button>
        }
      >
        <p>{say('error.words')}</p>
        <p className="soft small" lang="en" dir="ltr">
          {error.message}
        </p>
      </Notice>
    </div>
  )
}
