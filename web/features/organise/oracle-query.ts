import { queryOptions } from '@tanstack/react-query'
import type { AppConfig } from '../../chain/parse-config.ts'
import { askOracle } from './oracle-client.ts'

/** Who the configured oracle is, or why it does not say. */
export function oracleQuery(config: AppConfig) {
  return queryOptions({
    queryKey: ['oracle', config.oracleUrl],
    queryFn: () => askOracle({ oracleUrl: config.oracleUrl }),
    refetchInterval: ({ state }) => (state.data?.ok === true ? 60_000 : 4_000),
  })
}
