import { start } from './start.ts'

// As `npm start`, from the sources: the web app reloads and the oracle starts anew when they change.
await start({ isWatching: true })
