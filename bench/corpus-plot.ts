// docs/images/presence.svg: how often somebody so far from the edge gets a yes.
import type { Standing } from './corpus-rates.ts'

const WIDTH = 840
const HEIGHT = 420
const LEFT = 56
const RIGHT = 600
const TOP = 40
const BOTTOM = 360
const COLOURS = ['#1b6e53', '#4aa181', '#8a6d00', '#b3261e', '#3b5bdb', '#9c36b5', '#868e96']

/** The plot as SVG text, from the same rates as the table. */
export function plotOf(standing: readonly Standing[]): string {
  const receivers = [...new Set(standing.map(({ receiver }) => receiver))]
  const distances = [...new Set(standing.map(({ metres }) => metres))]
  // Evenly spaced, or the metres that matter would be one blot.
  const x = (metres: number) =>
    LEFT + ((RIGHT - LEFT) * distances.indexOf(metres)) / (distances.length - 1)
  const y = (share: number) => BOTTOM - (BOTTOM - TOP) * share

  const across = [0, 0.25, 0.5, 0.75, 1].map(
    (share) =>
      `<path d="M${LEFT} ${y(share)}H${RIGHT}" class="grid"/>` +
      `<text x="${LEFT - 8}" y="${y(share) + 4}" class="end">${share * 100} %</text>`,
  )
  const along = distances.map(
    (metres) => `<text x="${x(metres)}" y="${BOTTOM + 20}" class="middle">${metres}</text>`,
  )
  const lines = receivers.map((receiver, index) => {
    const points = standing
      .filter((each) => each.receiver === receiver)
      .map(({ metres, yes }) => `${x(metres).toFixed(1)},${y(yes).toFixed(1)}`)
    const colour = COLOURS[index % COLOURS.length] ?? '#000'
    const key = TOP + 16 + index * 24
    return (
      `<polyline points="${points.join(' ')}" fill="none" stroke="${colour}" stroke-width="2"/>` +
      `<path d="M${RIGHT + 20} ${key - 4}h24" stroke="${colour}" stroke-width="3"/>` +
      `<text x="${RIGHT + 52}" y="${key}">${receiver}</text>`
    )
  })

  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="Share of first fixes that get a yes, by metres from the edge">
<style>text{font:13px system-ui,sans-serif;fill:#1f2328}.end{text-anchor:end}.middle{text-anchor:middle}.grid{stroke:#d0d7de}</style>
<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>
<text x="${LEFT}" y="22">A yes by the first fix</text>
${[...across, ...along].join('\n')}
<path d="M${x(0)} ${TOP}V${BOTTOM}" stroke="#57606a" stroke-dasharray="4 4"/>
<text x="${(LEFT + RIGHT) / 2}" y="${BOTTOM + 44}" class="middle">metres inside the edge (outside below zero)</text>
${lines.join('\n')}
</svg>
`
}
