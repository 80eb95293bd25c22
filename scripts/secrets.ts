import { type ResolvedConfigurationVariable } from 'hardhat/types/config'

// What was read so far, by its value: none of it may come out again in anybody's error message.
const known = new Map<string, string>()

/** A setting that only its owner knows, from the environment or Hardhat's keystore. */
export async function readSecret({
  variable,
  name,
  what,
}: {
  variable: ResolvedConfigurationVariable
  name: string
  /** In words, what it is. */
  what: string
}): Promise<string> {
  const value = await variable.get().catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : String(cause)
    // Hardhat's number for a variable that neither the environment nor a keystore holds.
    if (reason.startsWith('HHE7:')) return ''
    throw new Error(`${name}, ${what}, could not be read. ${reason}`, { cause })
  })
  if (value.trim() === '') {
    throw new Error(
      `${name} is not set: ${what}. Put it into the keystore with \`npm run keystore -- set ${name}\`, ` +
        'or into the environment.',
    )
  }
  known.set(value, name)
  return value
}

/** The same words with the names of secrets where their values were. */
export function withoutSecrets(words: string): string {
  return [...known].reduce((clean, [value, name]) => clean.replaceAll(value, `<${name}>`), words)
}

/** Runs a program of ours to its end; what it fails with is told in a sentence, and no secret in it. */
export async function runProgram(program: () => Promise<boolean>): Promise<void> {
  try {
    process.exitCode = (await program()) ? 0 : 1
  } catch (error) {
    console.error(withoutSecrets(error instanceof Error ? error.message : String(error)))
    process.exitCode = 1
  }
}
