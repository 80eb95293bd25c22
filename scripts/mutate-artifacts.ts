import fs from 'node:fs'
import path from 'node:path'
import { inRoot } from './folders.ts'
import type { Code } from './mutate-compiler.ts'

/** An artifact with other code in it. */
export type Installed = { file: string; text: string }

type Artifact = { bytecode: string; deployedBytecode: string } & Record<string, unknown>

/** Copies the project's artifacts to where code may be overwritten. */
export function copyArtifacts({ folder }: { folder: string }): void {
  fs.rmSync(folder, { recursive: true, force: true })
  // Without what was compiled in which way: reading it takes a second at each chain's start, and no test needs it.
  fs.cpSync(inRoot('artifacts'), path.join(folder, 'artifacts'), {
    recursive: true,
    filter: (source) => !source.endsWith('build-info'),
  })
}

/** Puts the code into the artifacts that the tests deploy from; their ABIs stay, for nobody changes those. */
export function install({
  folder,
  codes,
}: {
  folder: string
  codes: Readonly<Record<string, Code>>
}): Installed[] {
  return Object.entries(codes).map(([name, code]) => {
    const [source = '', contract = ''] = name.split(':')
    const file = path.join(folder, 'artifacts', source, `${contract}.json`)
    const artifact = JSON.parse(fs.readFileSync(file, 'utf8')) as Artifact
    const text = JSON.stringify({ ...artifact, ...code })
    fs.writeFileSync(file, text)
    return { file, text }
  })
}

/** Whether somebody has compiled the contracts anew since. */
export function isOverwritten(installed: readonly Installed[]): boolean {
  return installed.some(({ file, text }) => fs.readFileSync(file, 'utf8') !== text)
}
