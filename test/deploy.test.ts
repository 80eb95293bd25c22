import { once } from 'node:events'
import fs from 'node:fs'
import http from 'node:http'
import { type AddressInfo } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { chainNames } from '@coupon-secure/protocol/deployments'
import { expect } from 'chai'
import { Contract, formatEther, id, parseEther } from 'ethers'
import {
  readArtifact,
  refuseTooLong,
  withoutImmutables,
  type ContractName,
} from '../scripts/artifacts.ts'
import { endChildren } from '../scripts/children.ts'
import { readRecord, readersOf, type DeploymentRecord } from '../scripts/deployment-records.ts'
import { inRoot } from '../scripts/folders.ts'
import { localAccount } from '../scripts/local-chain.ts'
import { publicNetworks, type NetworkName } from '../scripts/networks.ts'
import {
  putIntoKeystore,
  runProgram,
  startProgram,
  startStandIn,
  type StandIn,
} from './rehearsal.ts'

const BASE_SEPOLIA = publicNetworks.baseSepolia.chainId
const ARBITRUM_SEPOLIA = publicNetworks.arbitrumSepolia.chainId
const ON_BASE = ['--network', 'baseSepolia']

describe('putting the contracts on a public chain', function () {
  this.timeout(120_000)
  const deployer = localAccount(0) // the local chain's public first account
  const DEPLOYER_KEY = deployer.privateKey
  let folder: string
  let chain: StandIn

  before(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'coupon-secure-deploy-'))
  })
  after(async () => {
    await endChildren()
    fs.rmSync(folder, { recursive: true, force: true })
  })

  describe('given something is missing or wrong', () => {
    before(startChain)
    afterEach('nothing was sent or written', async () => {
      expect(await chain.provider.getBlockNumber()).to.equal(0)
      expect(fs.existsSync(path.join(folder, 'deployments'))).to.be.false
    })

    it('asks for a network, and knows which there are', async () => {
      expect(await refusal({ args: [] })).to.contain(
        'Say which chain: --network with one of sepolia,',
      )
      const unknown = await refusal({ args: ['--network', 'goerli'] })
      expect(unknown).to.contain('There is no network "goerli"')
    })

    it("asks for a node's address", async () => {
      expect(await refusal({ without: 'BASE_SEPOLIA_RPC_URL' })).to.contain(
        'BASE_SEPOLIA_RPC_URL is not set: the address of a node of Base Sepolia. Put it into',
      )
    })

    it('asks for a key', async () => {
      expect(await refusal({ without: 'DEPLOYER_KEY' })).to.contain(
        'DEPLOYER_KEY is not set: the private key of the account that pays. Put it into',
      )
    })

    it('refuses a key that is none, without repeating it', async () => {
      expect(await refusal({ env: { DEPLOYER_KEY: '0xabcdef' } }))
        .to.contain('DEPLOYER_KEY holds no private key')
        .and.not.to.contain('abcdef')
    })

    it('refuses an address that nobody answers at', async () => {
      const words = await refusal({ env: { BASE_SEPOLIA_RPC_URL: 'http://127.0.0.1:1' } })
      expect(words).to.contain('No chain answers at the address in BASE_SEPOLIA_RPC_URL: ')
    })

    it('refuses an address that turns us away, without repeating it: there may be a key in it', async () => {
      const server = http.createServer((_, response) => response.writeHead(401).end('no'))
      await once(server.listen(0, '127.0.0.1'), 'listening')
      const { port } = server.address() as AddressInfo
      const url = `http://127.0.0.1:${port}/my-secret`
      const words = await refusal({ env: { BASE_SEPOLIA_RPC_URL: url } })
      server.close()
      expect(words)
        .to.contain('No chain answers at the address in BASE_SEPOLIA_RPC_URL')
        .and.to.contain('401')
        .and.not.to.contain('my-secret')
    })

    it('refuses another chain than the one that was named', async () => {
      const args = ['--network', 'optimism', '--yes']
      const words = await refusal({ args, env: { OPTIMISM_RPC_URL: chain.rpcUrl } })
      expect(words).to.contain(
        'OPTIMISM_RPC_URL leads to a chain with the id 84532, but OP Mainnet has 10. Nothing was sent.',
      )
    })

    it('refuses an account without money, and names the cost', async () => {
      expect(await refusal({ env: { DEPLOYER_KEY: localAccount(77).privateKey } })).to.match(
        /deployer 0x\w{40} has 0\.0 ETH on Base Sepolia, and the deployment may cost up to 0\.0\d+ ETH/,
      )
    })

    it('names the cost and stops, unless it was told to go ahead', async () => {
      expect(await refusal({ args: ON_BASE }))
        .to.match(
          /Transactions: 2\. Cost: up to 0\.\d+ ETH \([\d,]+ gas at [\d.]+ gwei at most\)\./,
        )
        .and.to.contain('Nothing was sent. To go ahead: npm run deploy -- --network baseSepolia')
    })

    it('adds what the OP stack charges for bytes on the chain below', async () => {
      const oneEther = '0x670de0b6b3a764000060005260206000f3' // PUSH8 10^18, MSTORE, RETURN
      const oracle = '0x420000000000000000000000000000000000000F'
      await chain.provider.send('anvil_setCode', [oracle, oneEther])
      const words = await refusal({ args: ON_BASE })
      await chain.provider.send('anvil_setCode', [oracle, '0x'])
      expect(words)
        .to.match(/Cost: up to 2\.0\d+ ETH \(/)
        .and.to.contain('and 2.0 ETH for its bytes on the chain below')
    })

    async function refusal({
      args = [...ON_BASE, '--yes'],
      env = {},
      without,
    }: {
      args?: string[]
      env?: Record<string, string>
      without?: string
    }): Promise<string> {
      const whole = { BASE_SEPOLIA_RPC_URL: chain.rpcUrl, DEPLOYER_KEY, ...env }
      const { code, words } = await runProgram({
        ...{ folder, program: 'deploy-network.ts', args },
        env: Object.fromEntries(Object.entries(whole).filter(([name]) => name !== without)),
      })
      expect(code, words).to.equal(1)
      return words
    }
  })

  describe('given a key in the keystore', () => {
    before(startChain)

    it('pays with it, and never says it', async () => {
      await putIntoKeystore({ folder, name: 'DEPLOYER_KEY', value: DEPLOYER_KEY })
      const { words } = await runProgram({
        ...{ folder, program: 'deploy-network.ts', args: ON_BASE },
        env: { BASE_SEPOLIA_RPC_URL: chain.rpcUrl },
      })
      fs.rmSync(path.join(folder, 'home'), { recursive: true })
      expect(words).to.contain(`Deployer ${deployer.address}, with 10000.0 ETH.`)
      expect(words).not.to.contain(DEPLOYER_KEY.slice(2))
    })
  })

  describe('given a chain without CreateX', () => {
    let record: DeploymentRecord
    before(startChain)

    it('deploys, says that the addresses follow from the nonce, and keeps to the named cost', async () => {
      const before = await chain.provider.getBalance(deployer)
      const { code, words } = await deploy()
      expect(code, words).to.equal(0)
      expect(words).to.contain('Strategy basic: there is no CreateX on Base Sepolia')
      expect(words).to.contain('Both are byte for byte what was built')
      expect(await chain.provider.getTransactionCount(deployer)).to.equal(2)

      const spent = before - (await chain.provider.getBalance(deployer))
      const [, named = ''] = /Cost: up to (\S+) ETH/.exec(words) ?? []
      expect(spent <= parseEther(named), `${formatEther(spent)} ≤ ${named}`).to.be.true
    })

    it('puts there what was built', async () => {
      record = recordOf('baseSepolia')
      await expectBuilt({ address: record.implementation, contract: 'CouponBook' })
      await expectBuilt({ address: record.factory, contract: 'CouponBookFactory' })
    })

    it('writes down where, since which block, and from which sources', async () => {
      const { factory, firstBlock } = record
      expect(record).to.deep.include({ chainId: BASE_SEPOLIA, strategy: 'basic' })
      expect(record.deployer).to.equal(deployer.address)
      expect(await chain.provider.getCode(factory, firstBlock)).not.to.equal('0x')
      expect(await chain.provider.getCode(factory, firstBlock - 1)).to.equal('0x')
      expect(written('protocol/src/published.ts')).to.contain(`factory: '${factory}'`)
      expect(written('docs/deployments.md')).to.contain('| Base Sepolia |').and.contain(factory)
      expect(written('deployments/baseSepolia/CouponSecure.json')).to.equal(
        fs.readFileSync(inRoot('deployments', 'standard-json', 'CouponSecure.json'), 'utf8'),
      )
    })

    it('makes books that speak for this chain', async () => {
      const abi = [
        'function createBook(string name, (address,uint8,uint16,uint64,uint64)[] witnesses, bytes32 salt) returns (address)',
      ]
      const factory = new Contract(record.factory, abi, deployer.connect(chain.provider))
      const createBook = factory.getFunction('createBook')
      const book: string = await createBook.staticCall('Rehearsal', [], id('1'))
      await (await createBook('Rehearsal', [], id('1'))).wait()
      const domain = await bookAt(book).getFunction('eip712Domain')()
      expect(domain.chainId).to.equal(BigInt(BASE_SEPOLIA))
      expect(domain.verifyingContract).to.equal(book)
    })

    it('leaves nobody the code of all books to initialise', async () => {
      const failure: unknown = await bookAt(record.implementation)
        .getFunction('initialize')
        .staticCall(deployer.address, [])
        .catch((error: unknown) => (error as { revert?: { name: string } }).revert?.name)
      expect(failure).to.equal('InvalidInitialization')
    })

    it('sends nothing the second time', async () => {
      const block = await chain.provider.getBlockNumber()
      const { code, words } = await deploy()
      expect(code, words).to.equal(0)
      expect(words).to.contain('The contracts are there already; nothing was sent.')
      expect(recordOf('baseSepolia')).to.deep.equal(record)
      expect(await chain.provider.getBlockNumber()).to.equal(block)
    })

    it('sends nothing either where only the record was lost', async () => {
      fs.rmSync(path.join(folder, 'deployments'), { recursive: true })
      const block = await chain.provider.getBlockNumber()
      const { code, words } = await deploy()
      expect(code, words).to.equal(0)
      expect(words).to.contain('only the record was lost; nothing was sent')
      expect(recordOf('baseSepolia')).to.deep.equal(record)
      expect(await chain.provider.getBlockNumber()).to.equal(block)
    })

    it('can be rebuilt from the kept compiler input alone', async () => {
      const { code, words } = await runProgram({
        ...{ folder, program: 'bytecode.ts', args: ['--check', ...ON_BASE] },
        env: { BASE_SEPOLIA_RPC_URL: chain.rpcUrl },
      })
      expect(code, words).to.equal(0)
      expect(words).to.contain('the same code (immutables apart) as on Base Sepolia')
    })

    it('is told from code that differs in one byte', async () => {
      const code = await chain.provider.getCode(record.factory)
      const changed = code.slice(0, -1) + (code.endsWith('0') ? '1' : '0')
      await chain.provider.send('anvil_setCode', [record.factory, changed])
      const other = await runProgram({
        ...{ folder, program: 'verify.ts', args: ON_BASE },
        env: { BASE_SEPOLIA_RPC_URL: chain.rpcUrl },
      })
      expect(other.code, other.words).to.equal(1)
      expect(other.words).to.contain(
        `The code at ${record.factory} is not the CouponBookFactory that was built`,
      )
    })

    function bookAt(address: string): Contract {
      const file = inRoot('artifacts', 'contracts', 'CouponBook.sol', 'CouponBook.json')
      const { abi } = JSON.parse(fs.readFileSync(file, 'utf8'))
      return new Contract(address, abi, deployer.connect(chain.provider))
    }
  })

  describe('given a chain with CreateX', () => {
    beforeEach(async () => {
      for (const name of ['deployments', 'ignition']) {
        fs.rmSync(path.join(folder, name), { recursive: true, force: true })
      }
      chain = await startStandIn({ folder, chainId: BASE_SEPOLIA, hasCreateX: true })
    })

    it('gives the same deployer the same addresses as elsewhere, whatever it sent before', async () => {
      const other = await startStandIn({ folder, chainId: ARBITRUM_SEPOLIA, hasCreateX: true })
      await (await deployer.connect(other.provider).sendTransaction({ to: deployer })).wait()
      const { code, words } = await deploy()
      expect(code, words).to.equal(0)
      expect(words).to.contain('Strategy create2: CreateX gives this deployer the same addresses')
      const second = await runProgram({
        ...{
          folder,
          program: 'deploy-network.ts',
          args: ['--network', 'arbitrumSepolia', '--yes'],
        },
        env: { ARBITRUM_SEPOLIA_RPC_URL: other.rpcUrl, DEPLOYER_KEY },
      })
      expect(second.code, second.words).to.equal(0)

      const { implementation, factory } = recordOf('baseSepolia')
      expect(recordOf('arbitrumSepolia')).to.deep.include({ implementation, factory })
      expect(written('protocol/src/published.ts')).to.contain('84532:').and.contain('421614:')
    })

    it('goes on where it was interrupted, and sends nothing twice', async () => {
      await interrupt()
      const { code, words } = await deploy()
      expect(code, words).to.equal(0)
      expect(await chain.provider.getTransactionCount(deployer)).to.equal(2)
    })

    it('goes on where it was cut off before it had written down what it sent', async () => {
      await interrupt()
      const [name = ''] = fs.readdirSync(path.join(folder, 'ignition', 'deployments'))
      const journal = path.join(folder, 'ignition', 'deployments', name, 'journal.jsonl')
      const lines = fs.readFileSync(journal, 'utf8').split('\n')
      const kept = lines.filter((line) => !line.includes('"TRANSACTION_SEND"'))
      expect(kept.some((line) => line.includes('"TRANSACTION_PREPARE_SEND"'))).to.be.true
      fs.writeFileSync(journal, kept.join('\n'))
      const { code, words } = await deploy()
      expect(code, words).to.equal(0)
      expect(await chain.provider.getTransactionCount(deployer)).to.equal(2)
    })

    it('goes on even where the journal of the interrupted deployment was lost', async () => {
      await interrupt()
      fs.rmSync(path.join(folder, 'ignition'), { recursive: true })
      const { code, words } = await deploy()
      expect(code, words).to.equal(0)
      expect(words).to.contain('Transactions: 1.')
      expect(await chain.provider.getTransactionCount(deployer)).to.equal(2)
    })

    it('refuses to go on from a journal that speaks of another chain', async () => {
      expect((await deploy()).code).to.equal(0)
      fs.rmSync(path.join(folder, 'deployments'), { recursive: true })
      chain = await startStandIn({ folder, chainId: BASE_SEPOLIA, hasCreateX: true })
      const { code, words } = await deploy()
      expect(code).to.equal(1)
      expect(words).to.match(/The journal \S+ says that 0x\w{40} was made, but there is no code on/)
      expect(await chain.provider.getTransactionCount(deployer)).to.equal(0)
    })

    /** Takes a deployment away when its first transaction waits to be mined; it is mined then. */
    async function interrupt() {
      await chain.provider.send('evm_setAutomine', [false])
      const child = startProgram({
        ...{ folder, program: 'deploy-network.ts', args: [...ON_BASE, '--yes'] },
        env: { BASE_SEPOLIA_RPC_URL: chain.rpcUrl, DEPLOYER_KEY },
      })
      while ((await chain.provider.getTransactionCount(deployer, 'pending')) === 0) {
        expect(child.hasEnded(), child.lastLines().join('\n')).to.be.false
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
      child.kill()
      await child.ended
      await chain.provider.send('evm_mine', [])
      await chain.provider.send('evm_setAutomine', [true])
      expect(await chain.provider.getTransactionCount(deployer)).to.equal(1)
    }
  })

  describe('given code that is too long', () => {
    const ofLength = (length: number) => `0x${'00'.repeat(length)}`

    it('refuses more than a public chain takes, and not a byte earlier', () => {
      const fits = { bytecode: ofLength(49_152), deployedBytecode: ofLength(24_576) }
      refuseTooLong({ contract: 'CouponBook', artifact: fits })
      const runtime = { ...fits, deployedBytecode: ofLength(24_577) }
      expect(() => refuseTooLong({ contract: 'CouponBook', artifact: runtime })).to.throw(
        'CouponBook has 24577 bytes of runtime code; no public chain takes more than 24576.',
      )
      const creation = { ...fits, bytecode: ofLength(49_153) }
      expect(() => refuseTooLong({ contract: 'CouponBook', artifact: creation })).to.throw(
        'CouponBook has 49153 bytes of creation code; no public chain takes more than 49152.',
      )
    })
  })

  describe('its records', () => {
    it('are what the protocol and the documents say', async () => {
      for (const [file, text] of Object.entries(await readersOf(inRoot()))) {
        expect(fs.readFileSync(inRoot(file), 'utf8'), file).to.equal(text)
      }
    })

    it('have a name for every chain', () => {
      for (const { chainId } of Object.values(publicNetworks)) {
        expect(chainNames[chainId], String(chainId)).to.be.a('string')
      }
    })
  })

  async function startChain() {
    chain = await startStandIn({ folder, chainId: BASE_SEPOLIA })
  }

  function deploy() {
    const args = [...ON_BASE, '--yes']
    const env = { BASE_SEPOLIA_RPC_URL: chain.rpcUrl, DEPLOYER_KEY }
    return runProgram({ folder, program: 'deploy-network.ts', args, env })
  }

  async function expectBuilt({ address, contract }: { address: string; contract: ContractName }) {
    const { deployedBytecode, immutableReferences } = readArtifact(contract)
    const code = await chain.provider.getCode(address)
    expect(withoutImmutables({ code, references: immutableReferences })).to.equal(deployedBytecode)
  }

  function recordOf(name: NetworkName): DeploymentRecord {
    return readRecord({ folder, name })!
  }

  function written(file: string): string {
    return fs.readFileSync(path.join(folder, file), 'utf8')
  }
})
