import { fileURLToPath } from 'node:url'
import hardhatToolboxMochaEthers from '@nomicfoundation/hardhat-toolbox-mocha-ethers'
import { defineConfig } from 'hardhat/config'

export default defineConfig({
  plugins: [hardhatToolboxMochaEthers],
  solidity: {
    version: '0.8.37',
    // The pinned npm package, so that a build needs no network; the path must be absolute.
    path: fileURLToPath(import.meta.resolve('solc/soljson.js')),
    settings: {
      evmVersion: 'osaka',
      viaIR: true,
      optimizer: { enabled: true, runs: 1_000_000 },
    },
  },
  paths: {
    sources: './contracts',
    tests: { mocha: './test', solidity: './test/solidity' },
  },
  networks: {
    local: {
      type: 'http',
      chainType: 'l1',
      url: process.env.RPC_URL ?? 'http://127.0.0.1:8545',
    },
  },
})
