import type { Span } from './mutate-ast.ts'

/** Something that the tests must have seen happen. */
export type Point = {
  kind: 'line' | 'branch'
  file: string
  line: number
  /** What never happened if nobody saw it. */
  outcome: string
  /** Whether it happened, by the probes that one call came through. */
  isIn: (probes: ReadonlySet<number>) => boolean
}

/** One change to a source: what stands there is replaced, or, where the span is empty, joined. */
export type Edit = Span & { text: string }

/** A source that is being fitted with probes. */
export type Desk = {
  file: string
  read: (span: Span) => string
  points: Point[]
  edits: Edit[]
  /** So many numbers for probes, the first of which is returned; no two sources share one. */
  number: (count: number) => number
}

/** The name under which solc finds what the probes call. */
export const PROBES_NAME = 'coverage/Probes.sol'

/** More probes than a block of assembly may have: they are the bits of one word. */
export const PROBES_AT_ONCE = 192

// The same places are come to again and again.
const reported = new Map<string, readonly number[]>()

const LOWEST = 64n // bits for the first probe's number, below those that say which probes

/** A call to this address is what the chain reports; whoever sends none has not been there. */
export const PROBES_SOURCE = `// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

library Probes {
    function hit(uint256 probe) internal pure {
        hits(probe, 1);
    }

    function hits(uint256 first, uint256 which) internal pure {
        _asPure(_tell)((which << ${LOWEST}) | first);
    }

    function either(bool outcome, uint256 probe) internal pure returns (bool) {
        hit(outcome ? probe + 1 : probe);
        return outcome;
    }

    function _tell(uint256 word) private view {
        assembly ("memory-safe") {
            let data := mload(0x40)
            mstore(data, word)
            pop(staticcall(gas(), 0xc0bEc0BEc0BeC0bEC0beC0bEC0bEC0beC0beC0BE, data, 0x20, 0, 0))
        }
    }

    function _asPure(function(uint256) view told) private pure returns (function(uint256) pure untold) {
        assembly ("memory-safe") {
            untold := told
        }
    }
}
`

/** The probes that a report of the chain's stands for. */
export function probesIn(report: string): readonly number[] {
  const known = reported.get(report)
  if (known !== undefined) return known
  const word = BigInt(`0x${report}`)
  const first = Number(BigInt.asUintN(Number(LOWEST), word))
  const probes: number[] = []
  for (let bits = word >> LOWEST, i = 0; bits > 0n; bits >>= 1n, i++) {
    if ((bits & 1n) === 1n) probes.push(first + i)
  }
  reported.set(report, probes)
  return probes
}

/** Notes a point where the node begins. */
export function addPoint({
  desk,
  at,
  ...point
}: { desk: Desk; at: number } & Pick<Point, 'kind' | 'outcome' | 'isIn'>): void {
  const line = desk.read({ start: 0, end: at }).split('\n').length
  desk.points.push({ ...point, file: desk.file, line })
}

/** Notes that this place is to be passed. */
export function addLine({ desk, at, probe }: { desk: Desk; at: number; probe: number }): void {
  addPoint({ desk, at, kind: 'line', outcome: 'never run', isIn: (probes) => probes.has(probe) })
}

/** Notes that the condition is to come out both ways: `probe` where it is false, the next one where it is true. */
export function addBoth({
  desk,
  condition,
  probe,
  outcomes = ['never false', 'never true'],
}: {
  desk: Desk
  condition: Span
  probe: number
  outcomes?: readonly [string, string]
}): void {
  const said = desk.read(condition).replaceAll(/\s+/g, ' ')
  for (const [i, outcome] of outcomes.entries()) {
    addPoint({
      desk,
      at: condition.start,
      kind: 'branch',
      outcome: `${outcome}: ${said}`,
      isIn: (probes) => probes.has(probe + i),
    })
  }
}

/** Joins the text to what stands there. */
export function insert({ desk, at, text }: { desk: Desk; at: number; text: string }): void {
  desk.edits.push({ start: at, end: at, text })
}
