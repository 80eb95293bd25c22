import { BlockList, isIP, isIPv4, isIPv6 } from 'node:net'

/** The proxies whose word about a sender is taken: addresses and ranges like `10.0.0.0/8`. */
export type Proxies = { isTrusted: (address: string) => boolean }

/** The proxies in a list; throws where one is neither an address nor a range. */
export function proxiesIn(list: readonly string[]): Proxies {
  const trusted = new BlockList()
  for (const range of list) {
    const [address = '', bits] = range.split('/')
    const family = familyOf(address)
    const longest = family === 'ipv4' ? 32 : 128
    const prefix = bits === undefined ? longest : Number(bits === '' ? NaN : bits)
    if (!isIP(address) || !Number.isInteger(prefix) || prefix < 0 || prefix > longest) {
      throw new RangeError(`${range} is neither an address nor a range.`)
    }
    trusted.addSubnet(address, prefix, family)
  }
  return {
    isTrusted: (address) =>
      list.length > 0 && isIP(address) !== 0 && trusted.check(address, familyOf(address)),
  }
}

/**
 * The network that a request came from: an IPv4 address, or an IPv6 network of /64, which is what one customer has.
 * `X-Forwarded-For` counts only as far as trusted proxies wrote it: read from its end, the first that is no proxy of ours.
 */
export function networkOf({
  peer,
  forwardedFor,
  proxies,
}: {
  peer: string | undefined
  forwardedFor: string | undefined
  proxies: Proxies
}): string {
  let sender = plain(peer ?? '')
  const hops = (forwardedFor ?? '').split(',').map((hop) => plain(hop.trim()))
  while (proxies.isTrusted(sender)) {
    const hop = hops.pop()
    if (hop === undefined || !isIP(hop)) break
    sender = hop
  }
  if (isIPv6(sender)) return `${groupsOf(sender).slice(0, 4).join(':')}::/64`
  return isIPv4(sender) ? sender : 'nobody'
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIPv6(address) ? 'ipv6' : 'ipv4'
}

// A socket that listens for both families shows IPv4 like this, and a link's name behind the address.
function plain(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '').replace(/%.*$/, '')
}

/** The eight groups of an IPv6 address, in one spelling. */
function groupsOf(address: string): string[] {
  // The URL parser knows every spelling, those with dots among them.
  const spelled = new URL(`http://[${address}]`).hostname.slice(1, -1)
  const [before = '', after] = spelled.split('::')
  const head = before === '' ? [] : before.split(':')
  const tail = after === undefined || after === '' ? [] : after.split(':')
  return [...head, ...Array<string>(8 - head.length - tail.length).fill('0'), ...tail]
}
