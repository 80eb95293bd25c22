// `npm run replay -- <file>`: decides again by what a holder saved of an oracle's answer (docs/presence.md), and says whether the
// oracle signed what comes out. Ends with 1 where it did not.
import { readFile } from 'node:fs/promises'
import { compactOf } from '@coupon-secure/protocol/presence'
import { readWire } from '@coupon-secure/protocol/wire-fields'
import { type EvidenceFile, evidenceFileSchema, replay } from '@coupon-secure/protocol/replay'
import { signerOf } from '@coupon-secure/protocol/witness'
import type { Hex } from 'viem'

const [name, ...others] = process.argv.slice(2)
if (name === undefined || others.length > 0) {
  console.error('Name one file: npm run replay -- <file>')
  process.exit(2)
}

const file = await fileAt(name)
if (file === undefined) process.exit(2)

const { answered, decided, digest, isSame, problems } = replay(file)
const signer = await signerIn({ file, digest })
console.log(`answered  ${answered}`)
console.log(`decided   ${decided}`)
console.log(`digest    ${digest}`)
console.log(`signed by ${signer ?? 'nobody: the signature is broken'}`)
for (const problem of problems) console.log(problem)
const isTrue = isSame && signer !== undefined
console.log(
  isTrue
    ? 'The same bytes come out. Whether that signer is a witness of the book, and the geofence the campaign’s, the chain says.'
    : 'This is not what was signed.',
)
process.exitCode = isTrue ? 0 : 1

async function fileAt(place: string): Promise<EvidenceFile | undefined> {
  try {
    const json: unknown = JSON.parse(await readFile(place, 'utf8'))
    const read = readWire({ schema: evidenceFileSchema, json })
    if (read.ok) return read.value
    for (const { field, message } of read.problems) console.error(`${field}: ${message}`)
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error))
  }
  return undefined
}

async function signerIn({ file: { answer }, digest }: { file: EvidenceFile; digest: Hex }) {
  if (answer.granted)
    return signerOf({ hash: digest, r: answer.statement.r, vs: answer.statement.vs })
  return signerOf({ hash: digest, ...compactOf(answer.signature) })
}
