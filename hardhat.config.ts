import { fileURLToPath } from 'node:url'
import hardhatToolboxMochaEthers from '@nomicfoundation/hardhat-toolbox-mocha-ethers'
import { configVariable, defineConfig } from 'hardhat/config'
import { publicNetworks } from './scripts/networks.ts'

const compiler = {
  version: '0.8.37',
  // The pinned npm package, so that a build needs no network; the path must be absolute.
  path: fileURLToPath(import.meta.resolve('solc/soljson.js')),
  settings: {
    evmVersion: 'osaka',
    viaIR: true,
    // More runs cost no redemption less, and make the book larger than a chain takes (docs/decisions.md#gas).
    optimizer: { enabled: true, runs: 200 },
    // So that malformed calldata is refused in words, not by an empty revert.
    debug: { revertStrings: 'debug' },
  },
}

export default defineConfig({
  plugins: [hardhatToolboxMochaEthers],
  // Explorers are told the settings of `production`, which by itself takes none of them from `default`.
  solidity: { profiles: { default: compiler, production: compiler } },
  paths: {
    sources: './contracts',
    tests: { mocha: './test', solidity: './test/solidity' },
  },
  test: {
    solidity: {
      profiles: {
        default: {}, // each test says how often it runs
        // `npm run test:deep` cuts this into rounds, each with another seed.
        deep: {
          fuzz: { runs: 100_000 },
          invariant: { runs: 1_000, depth: 200 },
          fsPermissions: { readWriteFile: ['cache/crowd.txt'] },
        },
      },
    },
  },
  networks: {
    local: {
      type: 'http',
      chainType: 'l1',
      url: process.env.RPC_URL ?? 'http://127.0.0.1:8545',
    },
    ...publicNetworks,
  },
  verify: {
    etherscan: { apiKey: configVariable('ETHERSCAN_API_KEY') }, // one key for all its chains
    blockscout: { enabled: true },
    sourcify: { enabled: true },
  },
})
