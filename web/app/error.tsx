'use client'

import { Button } from '../ui/Button.tsx'
import { Notice } from '../ui/Notice.tsx'

/** What stands in a page's place when it has broken, or when a part of it could not be loaded. */
export default function ErrorPage({ error }: { error: Error }) {
  return (
    <div className="stack-wide">
      <h1>This page stopped</h1>
      <Notice
        kind="bad"
        title="A part of it is missing or broken"
        code="PAGE_BROKEN"
        action={
          <Button kind="main" onClick={() => location.reload()}>
            Open it again
          </Button>
        }
      >
        <p>
          Nothing is lost: coupons, and what was signed, stay as they are. Without a network some
          parts cannot be loaded; with one, opening the page again helps.
        </p>
        <p className="soft small">{error.message}</p>
      </Notice>
    </div>
  )
}
