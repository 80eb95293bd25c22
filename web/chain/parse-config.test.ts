import { expect } from 'chai'
import { parseConfig } from './parse-config.ts'

const env = {
  RPC_URL: 'http://127.0.0.1:8545/',
  CHAIN_ID: '31337',
  FACTORY_ADDRESS: '0xe7f1725e7734ce288f8367e1bb143e90bb3f0512',
  FACTORY_BLOCK: '12',
  ORACLE_URL: 'https://oracle.example',
}

describe('parseConfig', () => {
  it('reads a whole environment', () => {
    expect(parseConfig(env)).to.deep.equal({
      ok: true,
      config: {
        chainId: 31337,
        rpcUrl: 'http://127.0.0.1:8545',
        factory: '0xe7f1725E7734CE288F8367e1Bb143E90bb3F0512',
        factoryBlock: 12n,
        oracleUrl: 'https://oracle.example',
        relayerUrl: undefined,
        indexerUrl: undefined,
        explorerUrl: undefined,
        mapStyleUrl: 'https://tiles.openfreemap.org/styles/liberty',
        walletConnect: undefined,
        isDemo: false,
      },
    })
  })

  it('names everything that is missing', () => {
    const read = parseConfig({})
    expect(read.ok ? [] : read.problems.map((problem) => problem.split(' ')[0])).to.have.members([
      'RPC_URL',
      'CHAIN_ID',
      'FACTORY_ADDRESS',
      'FACTORY_BLOCK',
      'ORACLE_URL',
    ])
  })

  it('takes the map’s pictures from where it is told, or draws a plain grid', () => {
    const styleOf = (text: string) => {
      const read = parseConfig({ ...env, MAP_STYLE_URL: text })
      return read.ok ? read.config.mapStyleUrl : read.problems
    }
    expect(styleOf('https://tiles.example/style.json')).to.equal('https://tiles.example/style.json')
    expect(styleOf('none')).to.equal(undefined)
    expect(styleOf('liberty')).to.be.an('array').of.length(1)
  })

  it('refuses addresses that are no http', () => {
    expect(parseConfig({ ...env, ORACLE_URL: 'javascript:alert(1)' }).ok).to.equal(false)
    expect(parseConfig({ ...env, EXPLORER_URL: 'explorer' }).ok).to.equal(false)
    expect(parseConfig({ ...env, RELAYER_URL: 'relayer' }).ok).to.equal(false)
    expect(parseConfig({ ...env, INDEXER_URL: 'ws://indexer' }).ok).to.equal(false)
  })

  describe('of wallets on phones', () => {
    const projectId = '0123456789abcdef0123456789ABCDEF'
    const of = (id: string, relay?: string) => {
      const more = { WALLETCONNECT_PROJECT_ID: id, WALLETCONNECT_RELAY_URL: relay }
      const read = parseConfig({ ...env, ...more })
      return read.ok ? read.config.walletConnect : read.problems.map((text) => text.split(' ')[0])
    }

    it('knows nothing without a project id', () => {
      expect(of('')).to.equal(undefined)
    })

    it('takes the usual relay, or the one that is named', () => {
      const relayUrl = 'wss://relay.walletconnect.org'
      expect(of(projectId)).to.deep.equal({ projectId, relayUrl })
      for (const relay of ['wss://relay.example', 'ws://127.0.0.1:5555', 'ws://localhost:5555']) {
        expect(of(projectId, relay)).to.deep.equal({ projectId, relayUrl: relay })
      }
    })

    it('names an id that is none, and an address that is no relay’s', () => {
      for (const id of ['0'.repeat(31), `${projectId}0`, 'g'.repeat(32), ` ${projectId}`]) {
        expect(of(id)).to.deep.equal(['WALLETCONNECT_PROJECT_ID'])
      }
      for (const relay of [
        'relay.example',
        'https://relay.example',
        'ws://relay.example',
        'ws://127.0.0.1.relay.example',
        'wss://name@relay.example',
        'wss://relay.example/?key=1',
        'wss://relay.example/#a',
      ]) {
        expect(of(projectId, relay), relay).to.deep.equal(['WALLETCONNECT_RELAY_URL'])
      }
      expect(of('', 'wss://relay.example')).to.deep.equal(['WALLETCONNECT_RELAY_URL'])
    })
  })

  it('offers the demo on the local chain alone', () => {
    const isDemo = (more: object) => {
      const read = parseConfig({ ...env, ...more })
      return read.ok && read.config.isDemo
    }
    expect(isDemo({ DEMO: '1' })).to.equal(true)
    expect(isDemo({ DEMO: 'yes' })).to.equal(false)
    expect(isDemo({ DEMO: '1', CHAIN_ID: '1' })).to.equal(false)
  })
})
