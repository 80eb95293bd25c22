'use client'

import { writeClaimLink } from '@coupon-secure/protocol/claim-link'
import { type SubmitEvent, useState } from 'react'
import { useConfig } from '../../chain/config.tsx'
import { Button } from '../../ui/Button.tsx'
import { Field } from '../../ui/Field.tsx'
import { useWords } from '../../words/use-words.ts'
import { type ClaimProblem, claimIn } from '../claim/claim.ts'
import { ClaimNotice } from '../claim/ClaimNotice.tsx'
import { Camera } from './Camera.tsx'
import styles from './there.module.css'

/** Opens a printed card's link, by the camera or as text, so that its coupons come into this pocket. */
export function CardScan() {
  const { say } = useWords()
  const { chainId } = useConfig()
  const [pasted, setPasted] = useState('')
  const [problem, setProblem] = useState<ClaimProblem>()

  const open = (text: string) => {
    const claim = claimIn({ fragment: text, chainId })
    setProblem(claim.ok ? undefined : claim.problem)
    // Whatever site the card names, its coupons are looked for here.
    if (claim.ok) location.assign(`/c#${writeClaimLink(claim.link)}`)
  }
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    open(pasted)
  }

  return (
    <div className={styles.scan}>
      <Camera onText={open} />
      {problem && <ClaimNotice problem={problem} />}
      <form className={styles.paste} onSubmit={submit}>
        <Field
          label={say('scan.field')}
          value={pasted}
          onChange={(event) => setPasted(event.target.value)}
          spellCheck={false}
          autoComplete="off"
          autoCapitalize="off"
        />
        <Button type="submit">{say('scan.open')}</Button>
      </form>
    </div>
  )
}
