import { queryOptions, skipToken } from '@tanstack/react-query'
import { type Hex, zeroHash } from 'viem'
import type { AppConfig } from '../../chain/parse-config.ts'
import { askOracle, knowsGeofence } from './oracle-client.ts'

/** Who the configured oracle is, or why it does not say. */
export function oracleQuery(config: AppConfig) {
  return queryOptions({
    queryKey: ['oracle', config.oracleUrl],
    queryFn: () => askOracle({ oracleUrl: config.oracleUrl }),
    refetchInterval: ({ state }) => (state.data?.ok === true ? 60_000 : 4_000),
  })
}

/** Whether the oracle knows a campaign's place; null where it does not say. */
export function placeQuery({ config, geofenceHash }: { config: AppConfig; geofenceHash: Hex }) {
  return queryOptions({
    queryKey: ['oracle', config.oracleUrl, 'place', geofenceHash],
    queryFn:
      geofenceHash === zeroHash
        ? skipToken
        : () => knowsGeofence({ oracleUrl: config.oracleUrl, hash: geofenceHash }),
    refetchInterval: ({ state }) => (state.data === true ? false : 10_000),
  })
}
