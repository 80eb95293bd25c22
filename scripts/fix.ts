import { runToEnd } from './children.ts'
import { programOf } from './programs.ts'

// Puts into shape what tools can: the linter's own corrections, then the format.
for (const [tool, ...args] of [
  ['eslint', '--fix', '.'],
  ['prettier', '--write', '--log-level', 'warn', '.'],
] as const) {
  await runToEnd({
    name: tool,
    command: process.execPath,
    args: [programOf({ owner: tool }), ...args],
    onLine: console.log,
  })
}
