'use client'

import { useEffect, useState } from 'react'
import styles from './QrCode.module.css'

type Encode = (typeof import('qr'))['encodeQR']

const QUIET = 4 // modules of white around it, as readers want

/** A text as a QR code, black on white by day and by night; `label` says what it is to those who cannot see it. */
export function QrCode({ text, label }: { text: string; label: string }) {
  const [encode, setEncode] = useState<Encode>()
  // The library is loaded when the first code is drawn.
  useEffect(() => {
    void import('qr').then(({ encodeQR }) => setEncode(() => encodeQR))
  }, [])

  if (encode === undefined) return <div className={styles.waiting} />
  const rows = encode(text, 'raw', { ecc: 'medium', border: QUIET })
  const path = rows.flatMap((row, y) =>
    row.flatMap((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : [])),
  )
  return (
    <svg
      className={styles.code}
      viewBox={`0 0 ${rows.length} ${rows.length}`}
      role="img"
      aria-label={label}
      shapeRendering="crispEdges"
    >
      <rect width="100%" height="100%" fill="#fff" />
      <path d={path.join('')} fill="#000" />
    </svg>
  )
}
