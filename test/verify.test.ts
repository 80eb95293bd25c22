import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect } from 'chai'
import { AbiCoder } from 'ethers'
import { createHardhatRuntimeEnvironment } from 'hardhat/hre'
import config from '../hardhat.config.ts'
import { readArtifact } from '../scripts/artifacts.ts'
import { endChildren } from '../scripts/children.ts'
import { readRecord, type DeploymentRecord } from '../scripts/deployment-records.ts'
import { inRoot } from '../scripts/folders.ts'
import { localAccount } from '../scripts/local-chain.ts'
import { publicNetworks } from '../scripts/networks.ts'
import { rebuild } from '../scripts/standard-json.ts'
import { askExplorers, type Answer } from '../scripts/verify.ts'
import { startExplorers, type Verdict } from './explorers.ts'
import { runProgram, startStandIn } from './rehearsal.ts'

const NAME = 'baseSepolia'
const { chainId } = publicNetworks[NAME]

describe('showing the sources to explorers', function () {
  this.timeout(120_000)
  let folder: string
  let rpcUrl: string
  let record: DeploymentRecord

  before(async () => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'coupon-secure-verify-'))
    rpcUrl = (await startStandIn({ folder, chainId })).rpcUrl
    const { code, words } = await runProgram({
      ...{ folder, program: 'deploy-network.ts', args: ['--network', NAME, '--yes'] },
      env: { BASE_SEPOLIA_RPC_URL: rpcUrl, DEPLOYER_KEY: localAccount(0).privateKey },
    })
    expect(code, words).to.equal(0)
    record = readRecord({ folder, name: NAME })!
  })
  after(async () => {
    await endChildren()
    fs.rmSync(folder, { recursive: true, force: true })
  })

  it('gives all three what rebuilds both contracts, and tells what each said', async () => {
    const { answers, submissions } = await ask({ verdict: () => 'verified' })
    expect(wordsOf(answers)).to.deep.equal([
      'Etherscan, CouponBook: verified.',
      'Etherscan, CouponBookFactory: verified.',
      'Blockscout, CouponBook: verified.',
      'Blockscout, CouponBookFactory: verified.',
      'Sourcify, CouponBook: verified.',
      'Sourcify, CouponBookFactory: verified.',
    ])

    const args = AbiCoder.defaultAbiCoder().encode(['address'], [record.implementation]).slice(2)
    const [book, factory] = submissions
    expect(book).to.include({ address: record.implementation, constructorArguments: '' })
    expect(factory).to.include({ address: record.factory, constructorArguments: args })
    expect(factory!.contractName).to.equal(
      'project/contracts/CouponBookFactory.sol:CouponBookFactory',
    )
    const { compiler, contracts } = rebuild(withMetadata(factory!.input))
    expect(factory!.compilerVersion).to.equal(`v${compiler}`)
    expect(contracts.CouponBookFactory.bytecode).to.equal(
      readArtifact('CouponBookFactory').bytecode,
    )
    expect(contracts.CouponBook.bytecode).to.equal(readArtifact('CouponBook').bytecode)
    for (const { contractName, input } of submissions) {
      expect(input).to.equal(contractName.endsWith('CouponBook') ? book!.input : factory!.input)
    }
  })

  it('tells of each that says no, and why', async () => {
    const { answers } = await ask({
      verdict: ({ contractName }) => (contractName.endsWith('Factory') ? 'different' : 'verified'),
    })
    expect(answers.map(({ isVerified }) => isVerified)).to.deep.equal([
      ...[true, false, true, false, true, false],
    ])
    const [, etherscan, , , , sourcify] = wordsOf(answers)
    expect(etherscan).to.contain('Etherscan, CouponBookFactory: not verified. ')
    expect(etherscan).to.contain('Fail - Unable to verify')
    expect(sourcify).to.contain("The onchain and recompiled bytecodes don't match.")
  })

  it('asks the others even where the key for Etherscan is missing', async () => {
    const { answers } = await ask({ verdict: () => 'verified', apiKey: '' })
    const [etherscan, , blockscout] = wordsOf(answers)
    expect(etherscan).to.contain('not verified. ETHERSCAN_API_KEY is not set')
    expect(blockscout).to.equal('Blockscout, CouponBook: verified.')
  })

  /** Asks stand-ins for the explorers, which answer with this verdict. */
  async function ask({ verdict, apiKey = 'an-api-key' }: { verdict: Verdict; apiKey?: string }) {
    const { url, submissions, end } = await startExplorers(verdict)
    const at = (place: string) => ({ url: `${url}/${place}`, apiUrl: `${url}/${place}/api` })
    const hardhat = await createHardhatRuntimeEnvironment(
      {
        ...config,
        networks: { [NAME]: { type: 'http', chainType: 'op', chainId, url: rpcUrl } },
        chainDescriptors: {
          [chainId]: {
            ...{ name: 'Base Sepolia', chainType: 'op' as const },
            blockExplorers: { etherscan: at('etherscan'), blockscout: at('blockscout') },
          },
        },
        verify: { etherscan: { apiKey }, sourcify: { apiUrl: `${url}/sourcify` } },
      },
      { network: NAME },
      inRoot(),
    )
    const { log } = console
    console.log = () => undefined // Hardhat's own words; ours are what is tested
    try {
      return { answers: await askExplorers({ hardhat, record }), submissions }
    } finally {
      console.log = log
      await end()
    }
  }
})

function wordsOf(answers: readonly Answer[]): string[] {
  return answers.map(({ explorer, contract, words }) => `${explorer}, ${contract}: ${words}`)
}

/** Hardhat asks the compiler for no metadata, in which our rebuild reads the compiler's version. */
function withMetadata(input: string): string {
  const { settings, ...rest } = JSON.parse(input)
  settings.outputSelection['*']['*'].push('metadata')
  return JSON.stringify({ ...rest, settings })
}
