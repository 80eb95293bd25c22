import fs from 'node:fs'
import { inRoot } from './folders.ts'
import { programOf } from './programs.ts'

/** The groups that `--only` knows, in the order of running. */
export const GROUPS = ['build', 'gates', 'contracts', 'unit', 'web', 'walk'] as const

/** One thing that must hold, and the programs that show it, one after the other. */
export type Step = {
  name: string
  group: (typeof GROUPS)[number]
  /** A gate counts as one test; a suite leaves its counts, and its words are shown as they come. */
  kind: 'gate' | 'suite'
  programs: { args: string[]; cwd?: string }[]
  /** The step without which this one is pointless. */
  needs?: string
  env?: Record<string, string>
  /** All of it may be skipped on a machine that lacks what it needs; it says what. */
  maySkip?: true
}

const MOCHA_TIMEOUT_MS = 30_000 // generous: two cores under load say nothing about the code
const tsc = programOf({ owner: 'typescript', command: 'tsc' })

/** Everything that `npm test` looks at, cheap things first; of what runs side by side, what takes longest. */
export const steps: readonly Step[] = [
  {
    name: 'contracts compile',
    group: 'build',
    kind: 'gate',
    programs: [{ args: [inRoot('scripts', 'build.ts')] }],
  },
  gate({ name: 'format', args: [programOf({ owner: 'prettier' }), '--check', '.'] }),
  gate({
    name: 'solhint',
    args: [
      programOf({ owner: 'solhint' }),
      '--disc',
      '--noPoster',
      '--max-warnings',
      '0',
      'contracts/**/*.sol',
    ],
  }),
  gate({ name: 'abi is current', args: [inRoot('scripts', 'write-abi.ts'), '--check'] }),
  gate({ name: 'standard json is current', args: [inRoot('scripts', 'bytecode.ts'), '--check'] }),
  gate({ name: 'types: protocol', args: [tsc, '-p', 'protocol'] }),
  gate({ name: 'types: service', args: [tsc, '-p', 'service'] }),
  gate({ name: 'types: oracle', args: [tsc, '-p', 'oracle'] }),
  gate({ name: 'types: relayer', args: [tsc, '-p', 'relayer'] }),
  gate({ name: 'types: indexer', args: [tsc, '-p', 'indexer'] }),
  {
    name: 'types: web',
    group: 'gates',
    kind: 'gate',
    // Next writes the types of its routes first; a clean clone has none.
    programs: [
      { args: [programOf({ owner: 'next' }), 'typegen'], cwd: inRoot('web') },
      { args: [tsc, '-p', 'web'] },
    ],
  },
  gate({ name: 'types: service worker', args: [tsc, '-p', 'web/service-worker'] }),
  gate({ name: 'types: walk', args: [tsc, '-p', 'web/e2e'] }),
  gate({ name: 'types: bench', args: [tsc, '-p', 'bench'] }),
  gate({ name: 'types: root', args: [tsc, '-p', '.'] }),
  gate({ name: 'lint', args: [programOf({ owner: 'eslint' }), '--max-warnings', '0', '.'] }),
  {
    name: 'contracts',
    group: 'contracts',
    kind: 'suite',
    programs: [{ args: [inRoot('scripts', 'test-contracts.ts')] }],
    needs: 'contracts compile',
  },
  // --exit: a program that it started must not keep everybody waiting.
  units({ name: 'indexer', files: ['indexer/test/**/*.test.ts', '--exit'] }),
  {
    name: 'the ledger is proved',
    group: 'contracts',
    kind: 'gate',
    programs: [{ args: [inRoot('scripts', 'prove.ts')] }],
  },
  units({ name: 'protocol', files: ['protocol/src/**/*.test.ts'] }),
  units({ name: 'service', files: ['service/src/**/*.test.ts'] }),
  units({ name: 'oracle', files: ['oracle/src/**/*.test.ts'] }),
  {
    // What speaks through the store, once more: PostgreSQL is not PGlite, and several oracles share only the former.
    ...units({
      name: 'oracle on PostgreSQL',
      files: [
        '--require',
        inRoot('oracle', 'src', 'rehearsal-hooks.ts'),
        'oracle/src/app*.test.ts',
      ],
    }),
    env: { TEST_STORE: 'postgresql' },
    maySkip: true,
  },
  // --exit: a program that it started must not keep everybody waiting.
  units({ name: 'relayer', files: ['relayer/src/**/*.test.ts', '--exit'] }),
  units({ name: 'bench', files: ['bench/**/*.test.ts'] }),
  // --exit: WalletConnect's library waits five minutes for answers that nobody needs any more.
  units({ name: 'web', files: ['web/{app,chain,features,ui,words}/**/*.test.ts', '--exit'] }),
  {
    name: 'web builds',
    group: 'web',
    kind: 'gate',
    programs: [{ args: [inRoot('scripts', 'build.ts'), '--web'] }],
  },
  {
    name: 'web size',
    group: 'web',
    kind: 'gate',
    programs: [{ args: [inRoot('web', 'scripts', 'measure-js.mjs')], cwd: inRoot('web') }],
    needs: 'web builds',
  },
  ...walks(),
]

/** The walks in two halves: who walks waits for blocks, clocks and pages more than for a core. */
function walks(): Step[] {
  const files = fs
    .readdirSync(inRoot('web', 'e2e'))
    .filter((name) => name.endsWith('.test.ts'))
    .sort()
  return [0, 1].map((half) => ({
    ...units({
      name: `walk ${half + 1}`,
      // --exit: what a broken test leaves running must not keep everybody waiting.
      files: [
        ...files.filter((_, index) => index % 2 === half).map((name) => `web/e2e/${name}`),
        '--exit',
      ],
    }),
    group: 'walk',
    needs: 'web builds',
    env: { CHROMIUM_PATH: process.env.CHROMIUM_PATH ?? '' },
  }))
}

function gate({ name, args }: { name: string; args: string[] }): Step {
  return { name, group: 'gates', kind: 'gate', programs: [{ args }], needs: 'contracts compile' }
}

function units({ name, files }: { name: string; files: string[] }): Step {
  const args = [
    programOf({ owner: 'mocha' }),
    ...['--reporter', inRoot('scripts', 'counting-reporter.ts')],
    ...['--timeout', String(MOCHA_TIMEOUT_MS)],
    ...files,
  ]
  return { name, group: 'unit', kind: 'suite', programs: [{ args }] }
}
