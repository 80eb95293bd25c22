import { fileURLToPath } from 'node:url'

// Ponder's own command, in this very process, so that signals reach it and whoever started it sees how it ended.
const { HOST = '127.0.0.1' } = process.env
process.env.PONDER_TELEMETRY_DISABLED = '1' // it would tell its makers of each start
process.env.DATABASE_SCHEMA ??= 'coupon_secure'
process.chdir(fileURLToPath(new URL('.', import.meta.url)))
process.argv.splice(2, Infinity, 'start', '--hostname', HOST, '--log-format', 'json')
await import(new URL('bin/ponder.js', import.meta.resolve('ponder')).href)

// Vite, by which Ponder reads our files, ends the process at SIGTERM before Ponder has given its lock back; the next start would wait
// for that lock to grow old. Vite does not listen to SIGINT.
process.removeAllListeners('SIGTERM').on('SIGTERM', () => process.emit('SIGINT'))
