'use client'

import { type DragEvent, useState } from 'react'
import { Button } from '../../ui/Button.tsx'
import { Field, type FieldProblem, TextArea } from '../../ui/Field.tsx'
import styles from './issue.module.css'
import { kindOf } from './list-file.ts'

/** A list by file, drop or paste; its bytes go on as they are. */
export function ListSource({
  found,
  onList,
}: {
  /** What was wrong with the list that was tried last. */
  found: FieldProblem | undefined
  onList: (list: { name: string; bytes: Uint8Array }) => void
}) {
  const [isOver, setIsOver] = useState(false)
  const [pasted, setPasted] = useState('')
  const [problem, setProblem] = useState(found)

  const read = async (file: File | undefined) => {
    if (file === undefined) return
    const head = new Uint8Array(await file.slice(0, 4_096).arrayBuffer())
    const kind = kindOf({ size: file.size, bytes: head }) // before thirty megabytes are loaded
    setProblem(kind.ok ? undefined : kind.problem)
    if (kind.ok) onList({ name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) })
  }
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setIsOver(false)
    void read(event.dataTransfer.files[0])
  }

  return (
    <div
      className={`${styles.drop} ${isOver ? styles.over : ''}`}
      onDragOver={(event) => {
        event.preventDefault()
        setIsOver(true)
      }}
      onDragLeave={() => setIsOver(false)}
      onDrop={drop}
    >
      <Field
        label="List of people (CSV or Excel)"
        hint="A table with names, e-mails and wallet addresses, as far as you have them. Choose it, or drop it here. It stays in this browser: only the addresses go on the chain."
        type="file"
        accept=".csv,.tsv,.txt,.xlsx,text/csv,text/plain,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        problem={problem}
        onChange={(event) => void read(event.target.files?.[0])}
      />
      <details>
        <summary>Or paste the list</summary>
        <div className="stack">
          <TextArea
            label="List"
            rows={6}
            spellCheck={false}
            value={pasted}
            onChange={(event) => setPasted(event.target.value)}
          />
          <div>
            <Button
              disabled={pasted.trim() === ''}
              onClick={() =>
                onList({ name: 'Pasted list', bytes: new TextEncoder().encode(pasted) })
              }
            >
              Read the list
            </Button>
          </div>
        </div>
      </details>
    </div>
  )
}
