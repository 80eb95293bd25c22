import { ButtonLink } from '../../ui/Button.tsx'
import { Notice } from '../../ui/Notice.tsx'

/** What a visitor sees whose link names no book. */
export function WrongBook({
  problem,
  door,
}: {
  problem: { code: string; message: string }
  door: 'redeem' | 'audit' | 'counter'
}) {
  return (
    <div className="stack-wide">
      <h1>This link names no book</h1>
      <Notice
        kind="bad"
        code={problem.code}
        action={<ButtonLink href={`/${door}`}>Choose a book</ButtonLink>}
      >
        <p>{problem.message}</p>
      </Notice>
    </div>
  )
}
