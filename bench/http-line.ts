import net from 'node:net'

/** What a service said. */
export type Answer = { status: number; body: string }

/** A connection that stays open, and asks one thing after another. */
export type Line = {
  post: (asked: { path: string; body: string }) => Promise<Answer>
  close: () => void
}

/**
 * HTTP/1.1 over a socket, as far as a bench needs it: answers must say how long they are. node:http takes as much of the
 * machine under test for a request as the service has for half an answer, fetch three times that.
 */
export function openLine({ hostname, port }: { hostname: string; port: number }): Line {
  const socket = net.connect({ host: hostname, port, noDelay: true })
  let settle: PromiseWithResolvers<Answer> | undefined
  let come: Buffer = Buffer.alloc(0)
  let broken: Error | undefined
  const fail = (error: Error) => {
    broken ??= error
    settle?.reject(broken)
  }
  socket.on('error', fail)
  socket.on('close', () => fail(new Error('the connection was closed')))
  socket.on('data', (chunk) => {
    come = come.length === 0 ? chunk : Buffer.concat([come, chunk])
    const end = come.indexOf('\r\n\r\n')
    if (end < 0) return
    const head = come.toString('latin1', 0, end)
    const [, status] = /^HTTP\/1\.1 (\d{3})/.exec(head) ?? []
    const [, length] = /\r\ncontent-length: *(\d+)/i.exec(head) ?? []
    if (status === undefined || length === undefined) {
      fail(new Error('an answer that is not understood'))
      return
    }
    const all = end + 4 + Number(length)
    if (come.length < all) return
    const body = come.toString('utf8', end + 4, all)
    come = come.subarray(all)
    settle?.resolve({ status: Number(status), body })
  })

  return {
    post: ({ path, body }) => {
      settle = Promise.withResolvers<Answer>()
      if (broken) settle.reject(broken)
      const head = [
        `POST ${path} HTTP/1.1`,
        `Host: ${hostname}:${port}`,
        'Content-Type: application/json',
        `Content-Length: ${Buffer.byteLength(body)}`,
      ]
      socket.write(`${head.join('\r\n')}\r\n\r\n${body}`)
      return settle.promise
    },
    close: () => socket.destroy(),
  }
}
