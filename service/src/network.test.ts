import { expect } from 'chai'
import { networkOf, proxiesIn } from './network.ts'

const proxies = proxiesIn(['10.0.0.0/8', '192.0.2.1', '2001:db8:1::/48'])
const none = proxiesIn([])

describe('networkOf', () => {
  const cases: [
    what: string,
    peer: string | undefined,
    forwardedFor: string | undefined,
    is: string,
  ][] = [
    ['an IPv4 address', '198.51.100.7', undefined, '198.51.100.7'],
    ['IPv4 in IPv6', '::ffff:198.51.100.7', undefined, '198.51.100.7'],
    ['an IPv6 network', '2001:db8:2:3:4:5:6:7', undefined, '2001:db8:2:3::/64'],
    ['the same, shortened', '2001:0DB8:2:3::1', undefined, '2001:db8:2:3::/64'],
    ['a short one', '::1', undefined, '0:0:0:0::/64'],
    ['one with a link', 'fe80::1%eth0', undefined, 'fe80:0:0:0::/64'],
    ['a stranger who says they are another', '198.51.100.7', '203.0.113.9', '198.51.100.7'],
    ['who comes through a proxy', '10.1.2.3', '203.0.113.9', '203.0.113.9'],
    ['through two', '10.1.2.3', '203.0.113.9, 192.0.2.1', '203.0.113.9'],
    ['through one of IPv6', '2001:db8:1::5', '2001:db8:9:9::1', '2001:db8:9:9::/64'],
    ['who wrote something before the proxy did', '10.1.2.3', '1.1.1.1, 203.0.113.9', '203.0.113.9'],
    ['a proxy that says nothing', '10.1.2.3', undefined, '10.1.2.3'],
    ['a proxy that says nonsense', '10.1.2.3', 'unknown', '10.1.2.3'],
    ['nobody', undefined, undefined, 'nobody'],
  ]
  for (const [what, peer, forwardedFor, network] of cases) {
    it(`knows ${what}`, () => {
      expect(networkOf({ peer, forwardedFor, proxies })).to.equal(network)
    })
  }

  it('believes nobody where no proxy is named', () => {
    const forwardedFor = '203.0.113.9'
    expect(networkOf({ peer: '10.1.2.3', forwardedFor, proxies: none })).to.equal('10.1.2.3')
  })

  it('gives the addresses of one IPv6 network one name, and the next network another', () => {
    const of = (peer: string) => networkOf({ peer, forwardedFor: undefined, proxies })
    expect(of('2001:db8:2:3::1')).to.equal(of('2001:db8:2:3:ffff:ffff:ffff:ffff'))
    expect(of('2001:db8:2:3::1')).not.to.equal(of('2001:db8:2:4::1'))
  })
})

describe('proxiesIn', () => {
  for (const wrong of ['proxy.example', '10.0.0.0/33', '::/129', '10.0.0.0/', '10.0.0.0/x', '/8']) {
    it(`refuses ${wrong}`, () => {
      expect(() => proxiesIn([wrong])).to.throw(RangeError)
    })
  }
})
