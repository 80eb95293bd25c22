'use client'

import { type ComponentProps, type ReactNode, useId } from 'react'
import styles from './Field.module.css'

/** What is wrong with a field's value: a code for the machine, a sentence for the person. */
export type FieldProblem = { code: string; message: string }

type Surround = {
  label: ReactNode
  hint?: ReactNode
  problem?: FieldProblem | undefined
  isWide?: boolean
}

/** A text, number or date input with its label, its hint and what is wrong with it. */
export function Field({
  label,
  hint,
  problem,
  isWide,
  ...input
}: Surround & ComponentProps<'input'>) {
  const parts = useParts({ hint, problem })
  return (
    <Wrap {...{ label, hint, problem, isWide, ...parts }}>
      <input {...input} {...parts.control} className={styles.control} />
    </Wrap>
  )
}

/** A long text with its label. */
export function TextArea({
  label,
  hint,
  problem,
  isWide,
  ...input
}: Surround & ComponentProps<'textarea'>) {
  const parts = useParts({ hint, problem })
  return (
    <Wrap {...{ label, hint, problem, isWide, ...parts }}>
      <textarea {...input} {...parts.control} className={styles.control} />
    </Wrap>
  )
}

/** A choice from a list with its label; the options are its children. */
export function Select({
  label,
  hint,
  problem,
  isWide,
  ...input
}: Surround & ComponentProps<'select'>) {
  const parts = useParts({ hint, problem })
  return (
    <Wrap {...{ label, hint, problem, isWide, ...parts }}>
      <select {...input} {...parts.control} className={styles.control} />
    </Wrap>
  )
}

/** A box to tick, or one of several (`type="radio"`), with its words beside it. */
export function Choice({
  label,
  hint,
  type = 'checkbox',
  ...input
}: { label: ReactNode; hint?: ReactNode } & ComponentProps<'input'>) {
  const id = useId()
  return (
    <div className={styles.choice}>
      <input
        {...input}
        type={type}
        id={id}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
      />
      <div>
        <label htmlFor={id}>{label}</label>
        {hint !== undefined && (
          <p id={`${id}-hint`} className={styles.hint}>
            {hint}
          </p>
        )}
      </div>
    </div>
  )
}

/** Fields that belong together, with their common question. */
export function FieldGroup({
  legend,
  hint,
  problem,
  children,
}: {
  legend: ReactNode
  hint?: ReactNode
  problem?: FieldProblem | undefined
  children: ReactNode
}) {
  return (
    <fieldset className={styles.group}>
      <legend>{legend}</legend>
      {hint !== undefined && <p className={styles.hint}>{hint}</p>}
      {children}
      {problem && <Problem problem={problem} />}
    </fieldset>
  )
}

/** One thing that is wrong, with its code. */
export function Problem({ problem, id }: { problem: FieldProblem; id?: string }) {
  return (
    <p className={styles.problem} id={id}>
      {problem.message} <code>{problem.code}</code>
    </p>
  )
}

function useParts({ hint, problem }: Pick<Surround, 'hint' | 'problem'>) {
  const id = useId()
  const hintId = hint === undefined ? '' : `${id}-hint`
  const problemId = problem === undefined ? '' : `${id}-problem`
  return {
    id,
    control: {
      id,
      'aria-invalid': problem === undefined ? undefined : true,
      'aria-describedby': `${problemId} ${hintId}`.trim() || undefined,
    },
  }
}

function Wrap({
  id,
  label,
  hint,
  problem,
  isWide = true,
  children,
}: Surround & { id: string; children: ReactNode }) {
  return (
    <div className={`${styles.field} ${isWide ? styles.wide : ''}`}>
      <label htmlFor={id}>{label}</label>
      {children}
      {problem && <Problem problem={problem} id={`${id}-problem`} />}
      {hint !== undefined && (
        <p id={`${id}-hint`} className={styles.hint}>
          {hint}
        </p>
      )}
    </div>
  )
}
