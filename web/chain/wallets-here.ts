/** A wallet that this browser has, as a person chooses among them. */
export type WalletHere = {
  /** By which wagmi knows it as well. */
  id: string
  /** Left out where it does not say. */
  name?: string
  /** A data: address. */
  icon?: string
}

/** What is left of a window: where wallets announce themselves, and where older ones put themselves. */
export type WalletWindow = Pick<
  Window,
  'addEventListener' | 'removeEventListener' | 'dispatchEvent'
> & {
  ethereum?: unknown
}

/** wagmi's id of whatever sits in `window.ethereum`. */
export const NAMELESS = 'injected'

/** How late a wallet's own browser may bring its provider into a page; not every one says when. */
export const LATE_MILLISECONDS = 3_000
const LOOK_EVERY_MILLISECONDS = 100
const LOOKS_MILLISECONDS = [400, 1_500, LATE_MILLISECONDS]

/**
 * Tells which wallets are here, now and as more come: those that announce themselves (EIP-6963), or where none does, the one that
 * sits in `window.ethereum`. Answers how to stop.
 */
export function watchWallets({
  window,
  onChange,
}: {
  window: WalletWindow
  onChange: (wallets: readonly WalletHere[]) => void
}): () => void {
  const announced = new Map<string, WalletHere>()
  let shown = ''
  const tell = () => {
    const named = [...announced.values()]
    const isNameless = named.length === 0 && typeof window.ethereum === 'object'
    const wallets = isNameless ? [{ id: NAMELESS }] : named
    const ids = wallets.map(({ id }) => id).join()
    if (ids === shown) return
    shown = ids
    onChange(wallets)
  }
  const hear = (event: Event) => {
    const wallet = walletIn(event)
    if (wallet === undefined || announced.has(wallet.id)) return
    announced.set(wallet.id, wallet)
    tell()
  }
  window.addEventListener('eip6963:announceProvider', hear)
  window.addEventListener('ethereum#initialized', tell)
  window.dispatchEvent(new Event('eip6963:requestProvider'))
  tell()
  const looks = LOOKS_MILLISECONDS.map((after) => setTimeout(tell, after))
  return () => {
    for (const look of looks) clearTimeout(look)
    window.removeEventListener('eip6963:announceProvider', hear)
    window.removeEventListener('ethereum#initialized', tell)
  }
}

/** Waits for the wallet that puts itself into `window.ethereum`, which a wallet's own browser may do late; not for ever. */
export function injectedSoon({ window }: { window: WalletWindow }): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (typeof window.ethereum === 'object') end()
    }
    const end = () => {
      clearTimeout(timer)
      clearInterval(looks)
      window.removeEventListener('ethereum#initialized', look)
      resolve()
    }
    const timer = setTimeout(end, LATE_MILLISECONDS)
    const looks = setInterval(look, LOOK_EVERY_MILLISECONDS)
    window.addEventListener('ethereum#initialized', look)
    look()
  })
}

function walletIn(event: Event): WalletHere | undefined {
  const info = fieldOf(fieldOf(event, 'detail'), 'info')
  const [id, name, icon] = [fieldOf(info, 'rdns'), fieldOf(info, 'name'), fieldOf(info, 'icon')]
  if (typeof id !== 'string' || id === '' || typeof name !== 'string') return undefined
  const isPicture = typeof icon === 'string' && icon.trim().startsWith('data:image/')
  return { id, name, ...(isPicture && { icon: icon.trim() }) }
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}
