/** What the WalletConnect library keeps, in the browser where that allows it and in this page alone where it does not. */
export function phoneLinkStorage(browser: () => Storage) {
  const here = new Map<string, string>()
  const inBrowser = <T>(ask: (storage: Storage) => T): T | undefined => {
    try {
      return ask(browser())
    } catch {
      return undefined // blocked or full: it is here, until the page is loaded again
    }
  }
  const textOf = (key: string) =>
    here.get(key) ?? inBrowser((storage) => storage.getItem(PREFIX + key)) ?? undefined
  const getKeys = () => {
    const kept = inBrowser((storage) =>
      Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? '')
        .filter((key) => key.startsWith(PREFIX))
        .map((key) => key.slice(PREFIX.length)),
    )
    return Promise.resolve([...new Set([...(kept ?? []), ...here.keys()])])
  }
  const getItem = <T>(key: string): Promise<T | undefined> => {
    const text = textOf(key)
    return Promise.resolve(text === undefined ? undefined : (JSON.parse(text) as T))
  }
  return {
    getKeys,
    getItem,
    getEntries: async <T>(): Promise<[string, T][]> => {
      const entries: [string, T][] = []
      for (const key of await getKeys()) {
        const item = await getItem<T>(key)
        if (item !== undefined) entries.push([key, item])
      }
      return entries
    },
    setItem: (key: string, value: unknown): Promise<void> => {
      const text = JSON.stringify(value)
      const isKept = inBrowser((storage) => (storage.setItem(PREFIX + key, text), true)) ?? false
      if (isKept) here.delete(key)
      else here.set(key, text)
      return Promise.resolve()
    },
    removeItem: (key: string): Promise<void> => {
      here.delete(key)
      inBrowser((storage) => storage.removeItem(PREFIX + key))
      return Promise.resolve()
    },
  }
}

/** A shelf of its own for the WalletConnect library. */
export type PhoneLinkStorage = ReturnType<typeof phoneLinkStorage>

const PREFIX = 'coupon-secure.walletconnect/'
