/** The browser's offer to put the app on the home screen. Not in TypeScript's library: half of the browsers have none. */
export type InstallOffer = Event & { prompt: () => Promise<unknown> }

let offer: InstallOffer | undefined
const listeners = new Set<() => void>()

/** Listens for the browser's offer from now on: it comes early, once, and is kept for when the person has a use for it. */
export function awaitOffer(): () => void {
  const keep = (event: Event) => {
    event.preventDefault() // no banner of the browser's own
    become(isOffer(event) ? event : undefined)
  }
  const forget = () => become(undefined)
  addEventListener('beforeinstallprompt', keep)
  addEventListener('appinstalled', forget)
  return () => {
    removeEventListener('beforeinstallprompt', keep)
    removeEventListener('appinstalled', forget)
  }
}

/** The offer that was made and not taken. */
export function installOffer(): InstallOffer | undefined {
  return offer
}

/** Calls back when an offer comes or goes. */
export function onOffer(listen: () => void): () => void {
  listeners.add(listen)
  return () => listeners.delete(listen)
}

/** Takes the offer: the browser asks the person itself. It can be taken once. */
export async function takeOffer(): Promise<void> {
  const taken = offer
  become(undefined)
  await taken?.prompt()
}

/** Whether the app was opened from the home screen. */
export function isInstalled(): boolean {
  return matchMedia('(display-mode: standalone)').matches
}

function become(next: InstallOffer | undefined): void {
  offer = next
  for (const listen of listeners) listen()
}

function isOffer(event: Event): event is InstallOffer {
  return typeof Reflect.get(event, 'prompt') === 'function'
}
