'use client'

import { type DragEvent, useState } from 'react'
import { Button } from '../../ui/Button.tsx'
import { Field, TextArea } from '../../ui/Field.tsx'
import styles from './issue.module.css'

const LARGEST_FILE = 30_000_000

/** A list by file, drop or paste; its bytes go on as they are. */
export function ListSource({
  onList,
}: {
  onList: (list: { name: string; bytes: Uint8Array }) => void
}) {
  const [isOver, setIsOver] = useState(false)
  const [pasted, setPasted] = useState('')
  const [problem, setProblem] = useState<{ code: string; message: string }>()

  const read = async (file: File | undefined) => {
    if (file === undefined) return
    if (file.size > LARGEST_FILE) {
      const message = 'This file is larger than thirty megabytes. Is it the right one?'
      return setProblem({ code: 'FILE_TOO_LARGE', message })
    }
    const bytes = new Uint8Array(await file.arrayBuffer())
    if (bytes[0] === 0x50 && bytes[1] === 0x4b) {
      const message = 'This is a spreadsheet or an archive. Save it as CSV and choose that file.'
      return setProblem({ code: 'FILE_IS_NO_TEXT', message })
    }
    onList({ name: file.name, bytes })
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
        label="List of people (CSV)"
        hint="A table with wallet addresses, and names and e-mails if you have them. Choose it, or drop it here. It stays in this browser: only the addresses go on the chain."
        type="file"
        accept=".csv,.tsv,.txt,text/csv,text/plain"
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
