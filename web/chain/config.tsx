'use client'

import { createContext, type ReactNode, useContext } from 'react'
import type { AppConfig } from './parse-config.ts'

const ConfigContext = createContext<AppConfig | undefined>(undefined)

/** Hands the run's configuration, read by the server, to everything below. */
export function ConfigProvider({ config, children }: { config: AppConfig; children: ReactNode }) {
  return <ConfigContext value={config}>{children}</ConfigContext>
}

/** The configuration of this run. */
export function useConfig(): AppConfig {
  const config = useContext(ConfigContext)
  if (config === undefined) throw new Error('useConfig needs a ConfigProvider above it.')
  return config
}
