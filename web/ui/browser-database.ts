/** One shelf of the browser's database, for what `localStorage` cannot hold. Each call rejects where the browser allows none. */
export function browserShelf(name: string) {
  const run = async (mode: IDBTransactionMode, ask: (store: IDBObjectStore) => IDBRequest) => {
    const database = await opened(name)
    try {
      const transaction = database.transaction(STORE, mode)
      const answer = await answerTo(ask(transaction.objectStore(STORE)))
      if (mode === 'readwrite') await endOf(transaction) // only then is it on the disk
      return answer
    } finally {
      database.close()
    }
  }
  return {
    read: (key: string): Promise<unknown> => run('readonly', (store) => store.get(key)),
    readAll: async (): Promise<unknown[]> => {
      const all = await run('readonly', (store) => store.getAll())
      return Array.isArray(all) ? Array.from<unknown>(all) : []
    },
    write: async (key: string, value: unknown): Promise<void> => {
      await run('readwrite', (store) => store.put(value, key))
    },
    remove: async (key: string): Promise<void> => {
      await run('readwrite', (store) => store.delete(key))
    },
  }
}

/** One shelf of the browser's database. */
export type BrowserShelf = ReturnType<typeof browserShelf>

const STORE = 'kept'

async function opened(name: string): Promise<IDBDatabase> {
  const request = indexedDB.open(`coupon-secure.${name}`, 1)
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

function endOf(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve()
    transaction.onabort = () => reject(transaction.error ?? new Error('Nothing was kept.'))
  })
}
