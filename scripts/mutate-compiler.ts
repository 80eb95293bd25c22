import { createHash } from 'node:crypto'
import fs from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { inRoot } from './folders.ts'
import { type AstNode } from './mutate-ast.ts'

/** The text of each source, by the name under which solc and Hardhat's artifacts know it. */
export type Sources = Readonly<Record<string, string>>

/** What is compiled, and which of it may be mutated. */
export type Project = {
  sources: Sources
  targets: readonly string[]
  /** Sources of ours whose contracts change with a target: the targets, and mocks made of them. */
  outputs: readonly string[]
}

/** How solc is told to compile, and what we call that. */
export type Settings = { name: string; solc: Readonly<Record<string, unknown>> }

/** What a contract became. */
export type Code = { bytecode: string; deployedBytecode: string }

/** Something that solc refuses, and the byte of the source where. */
export type Fault = { sentence: string; file: string; start: number }

/** Every contract by `source:name`; two results with one digest behave alike. */
export type Compiled =
  | { isCompiled: true; codes: Readonly<Record<string, Code>>; digest: string }
  | { isCompiled: false; faults: Fault[] }

/** One instance of solc, kept, since to load it takes as long as to compile once. */
export type Compiler = {
  treesOf: (project: Project) => Record<string, AstNode>
  compile: (what: { project: Project; settings: Settings }) => Compiled
}

type Output = {
  errors?: { severity: string; message: string; sourceLocation?: { file: string; start: number } }[]
  sources?: Record<string, { ast: AstNode }>
  contracts?: Record<string, Record<string, { evm: Record<keyof Code, { object: string }> }>>
}

const NOT_MUTATED = /^contracts\/(mocks|interfaces)\//
const IMPORT = /^import\s[^;"]*"([^"]+)";/gm
const CODE = ['evm.bytecode.object', 'evm.deployedBytecode.object']

/** Reads the contracts that may be mutated, and all that they need or that needs them. */
export function readProject(): Project {
  const own = soliditiesIn('contracts')
  const texts = new Map(own.map((name) => [name, textOf(name)]))
  const targets = own.filter((name) => !NOT_MUTATED.test(name))
  const isTouched = (name: string): boolean =>
    targets.includes(name) || importsOf({ name, text: texts.get(name) ?? '' }).some(isTouched)
  const outputs = own.filter(isTouched)

  const sources: Record<string, string> = {}
  const take = (name: string) => {
    if (name in sources) return
    const text = texts.get(name) ?? textOf(name)
    sources[name] = text
    importsOf({ name, text }).forEach(take)
  }
  outputs.forEach(take)
  return { sources, targets, outputs }
}

/** Ways to compile in which nothing is optimised; the first that the contracts compile in is taken. */
export function settingsToTry({ production }: { production: Settings['solc'] }): Settings[] {
  const optimizer = { enabled: false }
  return [
    { name: 'viaIR', solc: { ...production, optimizer, viaIR: true } },
    { name: 'legacy', solc: { ...production, optimizer, viaIR: false } },
  ]
}

/** What is deployed; the metadata's hash, which would tell any two sources apart, is left out of all code here. */
export function productionSettings({ production }: { production: Settings['solc'] }): Settings {
  return { name: 'production', solc: production }
}

/** Loads solc. */
export function openCompiler(): Compiler {
  const others = process.listeners('unhandledRejection')
  const solc: unknown = createRequire(import.meta.url)('solc')
  // solc throws every rejection that nobody handles, those of the tests too.
  for (const listener of process.listeners('unhandledRejection')) {
    if (!others.includes(listener)) process.removeListener('unhandledRejection', listener)
  }
  const { compile } = solc as { compile: (input: string) => string }
  const ask = (project: Project, settings: object): Output => {
    const contents = Object.entries(project.sources).map(([name, content]) => [name, { content }])
    const input = {
      language: 'Solidity',
      sources: Object.fromEntries(contents) as unknown,
      settings,
    }
    return JSON.parse(compile(JSON.stringify(input))) as Output
  }
  return {
    treesOf: (project) => {
      const output = ask(project, { outputSelection: { '*': { '': ['ast'] } } })
      const trees = Object.entries(output.sources ?? {}).map(
        ([name, { ast }]) => [name, ast] as const,
      )
      if (trees.length === 0)
        throw new Error(`The contracts do not compile: ${faultsOf(output)[0]?.sentence ?? ''}`)
      return Object.fromEntries(trees)
    },
    compile: ({ project, settings }) => {
      const selected = project.outputs.map((name) => [name, { '*': CODE }])
      return codesOf(
        ask(project, {
          ...settings.solc,
          metadata: { appendCBOR: false, bytecodeHash: 'none' },
          outputSelection: Object.fromEntries(selected) as unknown,
        }),
      )
    },
  }
}

function codesOf(output: Output): Compiled {
  const faults = faultsOf(output)
  if (faults.length > 0) return { isCompiled: false, faults }
  const codes: Record<string, Code> = {}
  for (const [source, contracts] of Object.entries(output.contracts ?? {})) {
    for (const [name, { evm }] of Object.entries(contracts)) {
      if (evm.bytecode.object === '') continue // an interface, or abstract
      if (evm.bytecode.object.includes('__$')) {
        throw new Error(`${name} needs a library linked, which is not provided for.`)
      }
      codes[`${source}:${name}`] = {
        bytecode: `0x${evm.bytecode.object}`,
        deployedBytecode: `0x${evm.deployedBytecode.object}`,
      }
    }
  }
  const digest = createHash('sha256').update(JSON.stringify(codes)).digest('hex')
  return { isCompiled: true, codes, digest }
}

function faultsOf({ errors = [] }: Output): Fault[] {
  return errors
    .filter(({ severity }) => severity === 'error')
    .map(({ message, sourceLocation: { file, start } = { file: '', start: 0 } }) => ({
      sentence: message.split('\n')[0] ?? '',
      file,
      start,
    }))
}

function importsOf({ name, text }: { name: string; text: string }): string[] {
  return [...text.matchAll(IMPORT)].map(([, to = '']) =>
    to.startsWith('.') ? path.posix.join(path.posix.dirname(name), to) : to,
  )
}

function textOf(name: string): string {
  const file = name.startsWith('contracts/')
    ? inRoot(...name.split('/'))
    : fileURLToPath(import.meta.resolve(name))
  return fs.readFileSync(file, 'utf8')
}

function soliditiesIn(folder: string): string[] {
  return fs
    .readdirSync(inRoot(folder), { recursive: true, encoding: 'utf8' })
    .map((name) => `${folder}/${name.split(path.sep).join('/')}`)
    .filter((name) => name.endsWith('.sol'))
    .sort()
}
