// Written by "npm run deploy" from deployments/; never edited.

/** Where our contracts live on public chains, by chain id. */
export const published = {} as const
