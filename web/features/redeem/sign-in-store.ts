import { isHex } from 'viem'
import type { SignIn, SignInStore } from './sign-in.ts'

const DATABASE = 'coupon-secure'
const STORE = 'sign-ins'

/** Sign-ins in the browser's database; where it is closed to us (some private windows), for this page only. */
export function browserSignIns(): SignInStore {
  const pageOnly = new Map<string, SignIn>()
  return {
    read: async (name) => {
      const value = await run('readonly', (store) => store.get(name)).catch(() => undefined)
      return isSignIn(value) ? value : pageOnly.get(name)
    },
    write: async ({ name, signIn }) => {
      pageOnly.set(name, signIn)
      await run('readwrite', (store) => store.put(signIn, name)).catch(() => undefined)
    },
    remove: async (name) => {
      pageOnly.delete(name)
      await run('readwrite', (store) => store.delete(name)).catch(() => undefined)
    },
  }
}

async function run(
  mode: IDBTransactionMode,
  ask: (store: IDBObjectStore) => IDBRequest,
): Promise<unknown> {
  const database = await opened()
  try {
    return await answerTo(ask(database.transaction(STORE, mode).objectStore(STORE)))
  } finally {
    database.close()
  }
}

async function opened(): Promise<IDBDatabase> {
  const request = indexedDB.open(DATABASE, 1)
  request.onupgradeneeded = () => request.result.createObjectStore(STORE)
  await answerTo(request)
  return request.result
}

function answerTo(request: IDBRequest): Promise<unknown> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error ?? new Error('The browser’s database failed.'))
  })
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
