'use client'

import { lazy, Suspense } from 'react'
import { usePhoneQuestion } from './wallet-connect-state.ts'

// Loaded when a wallet on a phone is asked something: who has none waits for nothing.
const PhoneQuestion = lazy(async () => ({
  default: (await import('./PhoneQuestion.tsx')).PhoneQuestion,
}))

/** Says on every page that a wallet on a phone is being asked something, and opens it. */
export function PhoneQuestions() {
  const question = usePhoneQuestion()
  return question && <Suspense>{<PhoneQuestion question={question} />}</Suspense>
}
