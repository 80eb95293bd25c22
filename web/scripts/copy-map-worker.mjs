// Turbopack does not carry MapLibre's worker, so the package's own two files are served as they are.
import { copyFileSync, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const from = join(dirname(fileURLToPath(import.meta.resolve('maplibre-gl/package.json'))), 'dist')
const to = fileURLToPath(new URL('../public/maplibre/', import.meta.url))

mkdirSync(to, { recursive: true })
for (const file of ['maplibre-gl-worker.mjs', 'maplibre-gl-shared.mjs']) {
  copyFileSync(join(from, file), join(to, file))
}
