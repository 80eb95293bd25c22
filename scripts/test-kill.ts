import { endChildren, startChild } from './children.ts'

// npm run test:kill -- [--of oracle | relayer] [--times 200] [--database pglite]

const SERVICES = ['oracle', 'relayer']

const words = process.argv.slice(2)
const at = words.indexOf('--of')
const [, service = 'oracle'] = at === -1 ? [] : words.splice(at, 2)
if (!SERVICES.includes(service)) {
  console.error(`There is no service "${service}" to kill: ${SERVICES.join(' or ')}.`)
  process.exit(2)
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => void endChildren().then(() => process.exit(130)))
}
const child = startChild({
  name: `The killing of the ${service}`,
  command: process.execPath,
  args: ['--disable-warning=ExperimentalWarning', `${service}/src/kill.ts`, ...words],
  onLine: (line) => console.log(line),
})
process.exitCode = (await child.ended).code ?? 1
