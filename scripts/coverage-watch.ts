import hre from 'hardhat'
import { type Point, probesIn } from './coverage-points.ts'

type NetworkHooks = Parameters<typeof hre.hooks.registerHandlers<'network'>>[1]

// Probes cost gas, so that no limit which a test sets may hold.
const MORE_GAS = 16n
const SENT = new Set(['eth_sendTransaction', 'eth_call', 'eth_estimateGas'])

/** Notes which points the chains that are made from now on come to, call by call. */
export function watch(points: readonly Point[]): { seen: ReadonlySet<Point>; stop: () => void } {
  const seen = new Set<Point>()
  const unseen = new Set(points)
  const hooks: NetworkHooks = {
    onCoverageData: (_context, reports) => {
      const probes = new Set(reports.flatMap(probesIn))
      for (const point of unseen) {
        if (!point.isIn(probes)) continue
        seen.add(point)
        unseen.delete(point)
      }
      return Promise.resolve()
    },
    onRequest: (context, connection, request, next) => {
      const [sent, ...rest] = Array.isArray(request.params) ? (request.params as unknown[]) : []
      if (!SENT.has(request.method) || !hasGas(sent)) return next(context, connection, request)
      const gas = `0x${(BigInt(sent.gas) * MORE_GAS).toString(16)}`
      return next(context, connection, { ...request, params: [{ ...sent, gas }, ...rest] })
    },
  }
  hre.hooks.registerHandlers('network', hooks)
  return { seen, stop: () => hre.hooks.unregisterHandlers('network', hooks) }
}

function hasGas(sent: unknown): sent is { gas: string } {
  return sent instanceof Object && 'gas' in sent && typeof sent.gas === 'string'
}
