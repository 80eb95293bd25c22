/** What a wallet offers a page (EIP-1193), as far as this app needs it. */
export type Eip1193 = {
  request: (call: { method: string; params?: readonly unknown[] | object }) => Promise<unknown>
}
