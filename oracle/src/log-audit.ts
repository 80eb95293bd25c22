import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { parseArgs } from 'node:util'
import { type LogHeadAnswer, logHeadAnswerSchema } from '@coupon-secure/protocol/wire-log'
import { verifyLog } from './log-verify.ts'

// npm run log -- verify <oracle's url> [--head <file>]

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { head: { type: 'string' } },
})
const [command, url] = positionals
if (command !== 'verify' || url === undefined || !URL.canParse(url)) {
  console.error(
    'Usage: npm run log -- verify <url of the oracle> [--head <file to remember it in>]',
  )
  process.exit(2)
}

const origin = new URL(url).origin
const file = values.head ?? `.local/log-heads/${new URL(url).host.replace(':', '-')}.json`
const remembered = await headIn(file)
const finding = await verifyLog({
  remembered,
  get: async (path) => {
    const response = await fetch(origin + path)
    if (!response.ok) throw new Error(`${path} was answered with ${response.status}.`)
    return response.json()
  },
})

if (finding.ok) {
  const { size, root, address } = finding.head
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, `${JSON.stringify(finding.head, null, 2)}\n`)
  const since = remembered ? `; the ${remembered.size} entries of last time are as they were` : ''
  console.log(`The log has ${size} entries, root ${root}, signed by ${address}${since}.`)
} else {
  console.error(`${finding.problem} Keep ${file}: with the new head it is the evidence.`)
  console.error(JSON.stringify(remembered))
  process.exitCode = 1
}

/** The head of last time; none where there is no such file. */
async function headIn(name: string): Promise<LogHeadAnswer | undefined> {
  const text = await readFile(name, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  })
  return text === undefined ? undefined : logHeadAnswerSchema.parse(JSON.parse(text))
}
