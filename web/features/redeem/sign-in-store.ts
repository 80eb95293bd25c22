import { isHex } from 'viem'
import { browserShelf } from '../../ui/browser-database.ts'
import type { SignIn, SignInStore } from './sign-in.ts'

/** Sign-ins in the browser's database; where it is closed to us (some private windows), for this page only. */
export function browserSignIns(): SignInStore {
  const shelf = browserShelf('sign-ins')
  const pageOnly = new Map<string, SignIn>()
  return {
    read: async (name) => {
      const value = await shelf.read(name).catch(() => undefined)
      return isSignIn(value) ? value : pageOnly.get(name)
    },
    write: async ({ name, signIn }) => {
      pageOnly.set(name, signIn)
      await shelf.write(name, signIn).catch(() => undefined)
    },
    remove: async (name) => {
      pageOnly.delete(name)
      await shelf.remove(name).catch(() => undefined)
    },
  }
}

function isSignIn(value: unknown): value is SignIn {
  return (
    typeof value === 'object' &&
    value !== null &&
    Reflect.get(value, 'privateKey') instanceof CryptoKey &&
    isHex(Reflect.get(value, 'publicKey')) &&
    isHex(Reflect.get(value, 'holderSignature')) &&
    typeof Reflect.get(value, 'expiresAt') === 'number'
  )
}
