import { chromium, type Browser } from 'playwright-core'

/** Starts the Chromium that setup has found; others can steer it too where a port for that is named. */
export function openBrowser({ port }: { port?: number } = {}): Promise<Browser> {
  const executablePath = process.env.CHROMIUM_PATH
  if (!executablePath) {
    throw new Error(
      'CHROMIUM_PATH is not set: run this by npm, which finds a Chromium or brings one.',
    )
  }
  return chromium.launch({
    executablePath,
    // No sandbox, for roots in containers; drawing the map without a graphics card.
    args: [
      '--no-sandbox',
      '--disable-background-networking',
      '--enable-unsafe-swiftshader',
      ...(port === undefined ? [] : [`--remote-debugging-port=${port}`]),
    ],
  })
}
