'use client'

import { useEffect, useRef, useState } from 'react'
import type { Failure } from '../../chain/explain-revert.ts'

// A few times a second: a turn lasts fifteen, and a phone's battery longer.
const EVERY_MILLISECONDS = 200
const WIDEST_PIXELS = 640

/** Where the camera stands. */
export type Scanner =
  { step: 'starting' } | { step: 'looking' } | { step: 'failed'; failure: Failure }

/** Reads QR codes from the camera while it is mounted; each text that is seen is given to `onText`, which may come often. */
export function useScanner(onText: (text: string) => void) {
  const video = useRef<HTMLVideoElement>(null)
  const [scanner, setScanner] = useState<Scanner>({ step: 'starting' })
  const latest = useRef(onText)
  useEffect(() => {
    latest.current = onText
  })

  useEffect(() => {
    const end = new AbortController()
    let stream: MediaStream | undefined
    const look = async () => {
      try {
        stream = await openCamera()
        const element = video.current
        if (end.signal.aborted || element === null) return
        element.srcObject = stream
        await element.play()
        const read = await reader()
        setScanner({ step: 'looking' })
        const isOver = () => end.signal.aborted
        while (!isOver()) {
          const text = element.readyState >= element.HAVE_CURRENT_DATA ? await read(element) : ''
          if (text !== '' && !isOver()) latest.current(text)
          await new Promise((resolve) => setTimeout(resolve, EVERY_MILLISECONDS))
        }
      } catch (error) {
        if (!end.signal.aborted) setScanner({ step: 'failed', failure: failureOf(error) })
      } finally {
        if (end.signal.aborted) stop(stream)
      }
    }
    void look()
    return () => {
      end.abort()
      stop(stream)
    }
  }, [])

  return { video, scanner }
}

function openCamera(): Promise<MediaStream> {
  // Absent where the page is not served over https.
  if (!('mediaDevices' in navigator)) return Promise.reject(new DOMException('', 'NotFoundError'))
  return navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' }, audio: false })
}

function stop(stream: MediaStream | undefined): void {
  stream?.getTracks().forEach((track) => track.stop())
}

/** The browser's own detector where it knows QR codes; else a small decoder, loaded now. */
async function reader(): Promise<(video: HTMLVideoElement) => Promise<string>> {
  const detector = await ownDetector()
  if (detector !== undefined) {
    return async (video) => (await detector.detect(video))[0]?.rawValue ?? ''
  }
  const { decodeQR } = await import('qr/decode.js')
  const canvas = document.createElement('canvas')
  const context = canvas.getContext('2d', { willReadFrequently: true })
  return (video) => {
    const scale = Math.min(1, WIDEST_PIXELS / video.videoWidth)
    canvas.width = Math.round(video.videoWidth * scale)
    canvas.height = Math.round(video.videoHeight * scale)
    if (context === null || canvas.width === 0) return Promise.resolve('')
    context.drawImage(video, 0, 0, canvas.width, canvas.height)
    try {
      return Promise.resolve(decodeQR(context.getImageData(0, 0, canvas.width, canvas.height)))
    } catch {
      return Promise.resolve('') // no code in this picture
    }
  }
}

type Detector = { detect: (video: HTMLVideoElement) => Promise<{ rawValue: string }[]> }
type DetectorKind = {
  new (options: { formats: string[] }): Detector
  getSupportedFormats: () => Promise<string[]>
}

// Not in TypeScript's library yet, and in half of the browsers.
async function ownDetector(): Promise<Detector | undefined> {
  const { BarcodeDetector: kind } = globalThis as { BarcodeDetector?: DetectorKind }
  if (kind === undefined || !(await kind.getSupportedFormats()).includes('qr_code'))
    return undefined
  return new kind({ formats: ['qr_code'] })
}

function failureOf(error: unknown): Failure {
  const name = error instanceof DOMException ? error.name : ''
  const code = CODES[name] ?? 'CAMERA_FAILED'
  return { code, sentence: SENTENCES[code] }
}

const CODES: Record<string, keyof typeof SENTENCES> = {
  NotAllowedError: 'CAMERA_DENIED',
  NotFoundError: 'CAMERA_MISSING',
  OverconstrainedError: 'CAMERA_MISSING',
  NotReadableError: 'CAMERA_BUSY',
}

const SENTENCES = {
  CAMERA_DENIED:
    'The camera is blocked for this page. Allow it in the browser’s site settings, or paste the code below.',
  CAMERA_MISSING: 'This browser gives no camera to this page. Paste the code below instead.',
  CAMERA_BUSY: 'The camera is in use elsewhere. Close that, or paste the code below.',
  CAMERA_FAILED: 'The camera did not start. Try again, or paste the code below.',
} as const
