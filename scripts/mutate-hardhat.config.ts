import { defineConfig } from 'hardhat/config'
import project from '../hardhat.config.ts'

const folder = process.env.MUTATE_FOLDER
if (folder === undefined) throw new Error('MUTATE_FOLDER must name the folder of the worker.')

const simulated = project.networks?.default

// Gas for a contract of 100 kB with its many mutants; with more, one that never ends takes only longer to do so.
const ROOM = Number(process.env.MUTATE_GAS ?? 32_000_000)

// The project's own configuration, with artifacts that a mutant may overwrite, and room for code that nobody optimised.
export default defineConfig({
  ...project,
  paths: { ...project.paths, artifacts: `${folder}/artifacts`, cache: `${folder}/cache` },
  networks: {
    ...project.networks,
    default: {
      ...(simulated?.type === 'edr-simulated' ? simulated : {}),
      type: 'edr-simulated',
      allowUnlimitedContractSize: true,
      blockGasLimit: ROOM,
      transactionGasCap: ROOM,
    },
  },
})
