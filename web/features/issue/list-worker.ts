import { type HowToRead, readFile } from './list-reading.ts'

/** What the page asks of the worker. */
export type ListQuestion = { bytes: Uint8Array; how: HowToRead }

// The page's own types know no worker's scope; these two words are all of it that is needed here.
type Scope = {
  onmessage: ((event: MessageEvent<ListQuestion>) => void) | null
  postMessage: (message: unknown) => void
}
const scope: Scope = globalThis

scope.onmessage = ({ data: { bytes, how } }) => {
  const onProgress = (share: number) => scope.postMessage({ share })
  void readFile({ bytes, how, onProgress }).then(
    (reading) => scope.postMessage({ reading }),
    (error: unknown) => scope.postMessage({ failure: String(error) }),
  )
}
