'use client'

import { useEffect, useRef, useState } from 'react'
import type { FieldProblem } from '../../ui/Field.tsx'
import type { HowToRead, ListReading } from './list-reading.ts'
import type { ListQuestion } from './list-worker.ts'

/** A list's file, and how far it has been read. */
export type ListState =
  | { step: 'none'; problem?: FieldProblem }
  | { step: 'reading'; name: string; share: number }
  | {
      step: 'read'
      name: string
      bytes: Uint8Array
      how: HowToRead
      reading: Extract<ListReading, { ok: true }>
    }

type Told = { share: number } | { reading: ListReading } | { failure: string }

/** Reads lists in a worker, one at a time; a later one ends the one before. */
export function useList() {
  const [state, setState] = useState<ListState>({ step: 'none' })
  const worker = useRef<Worker>(undefined)
  const end = () => worker.current?.terminate()
  useEffect(() => end, [])

  const read = ({
    name,
    bytes,
    how = {},
  }: {
    name: string
    bytes: Uint8Array
    how?: HowToRead
  }) => {
    end()
    const made = new Worker(new URL('./list-worker.ts', import.meta.url), { type: 'module' })
    worker.current = made
    setState({ step: 'reading', name, share: 0 })
    const finish = (next: ListState) => {
      made.terminate()
      setState(next)
    }
    made.onmessage = ({ data }: MessageEvent<Told>) => {
      if ('share' in data) return setState({ step: 'reading', name, share: data.share })
      if ('failure' in data) return finish({ step: 'none', problem: UNREADABLE })
      const { reading } = data
      finish(
        reading.ok
          ? { step: 'read', name, bytes, how, reading }
          : { step: 'none', problem: reading.problem },
      )
    }
    // It did not load, or ran out of memory.
    made.onerror = () => finish({ step: 'none', problem: UNREADABLE })
    const question: ListQuestion = { bytes, how }
    made.postMessage(question)
  }

  const forget = () => {
    end()
    setState({ step: 'none' })
  }
  return { state, read, forget }
}

const UNREADABLE: FieldProblem = {
  code: 'LIST_UNREADABLE',
  message: 'The list could not be read in this browser. Save it as CSV, or in smaller parts.',
}
