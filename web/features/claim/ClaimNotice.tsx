import { chainNames } from '@coupon-secure/protocol/deployments'
import type { ReactNode } from 'react'
import { Notice } from '../../ui/Notice.tsx'
import { useWords } from '../../words/use-words.ts'
import type { ClaimProblem } from './claim.ts'

/** Why a link opens nothing here, and what to do about it. */
export function ClaimNotice({ problem, action }: { problem: ClaimProblem; action?: ReactNode }) {
  const { say } = useWords()
  const { code } = problem
  const nameOf = (id: number) => chainNames[id] ?? say('common.chain', { id: String(id) })
  return (
    <Notice
      kind={code === 'CLAIM_LINK_MISSING' ? 'info' : 'warn'}
      title={say(`claim.${code}`)}
      code={code}
      action={action}
    >
      <p>
        {problem.code === 'CLAIM_LINK_FOR_OTHER_CHAIN'
          ? say('claim.CLAIM_LINK_FOR_OTHER_CHAIN.words', {
              theirs: nameOf(problem.theirs),
              ours: nameOf(problem.ours),
            })
          : say(`claim.${problem.code}.words`)}
      </p>
    </Notice>
  )
}
