import styles from './BarChart.module.css'
import { topOf } from './scale.ts'

/** A bar: how high it is, and what a pointer that rests on it is told. */
export type ChartBar = { key: string; value: number; title: string }

const GAP = 0.15 // of a bar's width

/** Bars beside each other. `label` says in words what they show; whoever draws it puts the table of the numbers beside it. */
export function BarChart({
  label,
  bars,
  marks,
}: {
  label: string
  bars: readonly ChartBar[]
  /** What stands below, evenly from the first bar's beginning to the last one's end. */
  marks: readonly string[]
}) {
  const top = topOf(Math.max(0, ...bars.map(({ value }) => value)))
  return (
    <div className={styles.chart}>
      <div className={styles.scale} aria-hidden="true">
        <span>{top.toLocaleString('en-GB')}</span>
        <span>{(top / 2).toLocaleString('en-GB')}</span>
        <span>0</span>
      </div>
      <svg
        className={styles.bars}
        role="img"
        aria-label={label}
        viewBox={`0 0 ${Math.max(1, bars.length)} ${top}`}
        preserveAspectRatio="none"
      >
        <line x1="0" x2={bars.length} y1="0" y2="0" />
        <line x1="0" x2={bars.length} y1={top / 2} y2={top / 2} />
        {bars.map(({ key, value, title }, index) => (
          <rect key={key} x={index + GAP / 2} width={1 - GAP} y={top - value} height={value}>
            <title>{title}</title>
          </rect>
        ))}
        <line className={styles.ground} x1="0" x2={bars.length} y1={top} y2={top} />
      </svg>
      <div className={styles.marks} aria-hidden="true">
        {marks.map((mark, index) => (
          <span key={index} style={{ left: `${(index / Math.max(1, marks.length - 1)) * 100}%` }}>
            {mark}
          </span>
        ))}
      </div>
    </div>
  )
}
