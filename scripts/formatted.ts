import { format, resolveConfig } from 'prettier'
import { inRoot } from './folders.ts'

/** Generated text in the house's format, so that the check of formats has nothing against it. */
export async function formatted({ text, file }: { text: string; file: string }): Promise<string> {
  return format(text, { ...(await resolveConfig(inRoot('package.json'))), filepath: file })
}
