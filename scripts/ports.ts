import net from 'node:net'

// A program may hold a port on one of these and leave it free on the others.
const HOSTS = ['127.0.0.1', '::1', undefined]

/** The first free TCP port from `first` upwards, leaving out those already promised to somebody. */
export async function freePort({
  first,
  promised = [],
}: {
  first: number
  promised?: readonly number[]
}): Promise<number> {
  for (let port = first; port < first + 1_000; port += 1) {
    if (!promised.includes(port) && (await isFree(port))) return port
  }
  throw new Error(`No free port from ${first} to ${first + 999}.`)
}

async function isFree(port: number): Promise<boolean> {
  for (const host of HOSTS) if (!(await canListen({ port, host }))) return false
  return true
}

function canListen({ port, host }: { port: number; host: string | undefined }): Promise<boolean> {
  return new Promise((resolve) => {
    const server = net.createServer()
    server.once('error', (error: NodeJS.ErrnoException) => {
      // A machine without IPv6 says that the address is not there; nobody can hold its port then.
      resolve(error.code === 'EADDRNOTAVAIL' || error.code === 'EAFNOSUPPORT')
    })
    server.listen({ port, ...(host === undefined ? {} : { host }) }, () => {
      server.close(() => resolve(true))
    })
  })
}
