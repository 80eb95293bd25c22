import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type EvidenceFile, evidenceFileSchema, replay } from '@coupon-secure/protocol/replay'
import type { Position } from '@coupon-secure/protocol/wire-evidence'
import { expect } from 'chai'
import {
  book,
  CHAIN_ID,
  insidePosition,
  messHall,
  outsidePosition,
  rehearse,
  signer,
} from './rehearsal.ts'

const script = fileURLToPath(new URL('../../scripts/replay.ts', import.meta.url))

describe('oracle: replay', () => {
  let rehearsal: Awaited<ReturnType<typeof rehearse>>
  let folder: string

  before(async function () {
    this.timeout(60_000)
    rehearsal = await rehearse()
    await rehearsal.post({ path: '/v1/geofences', body: messHall })
    folder = await mkdtemp(join(tmpdir(), 'replay-'))
  })
  after(() => rm(folder, { recursive: true }))
  beforeEach(() => rehearsal.reset())

  it('comes to the bytes of a grant and of a refusal, from the saved file alone', async () => {
    for (const [position, decided] of [
      [insidePosition, 'inside, site 1'],
      [outsidePosition, 'OUTSIDE_GEOFENCE'],
      [{ ...insidePosition, accuracyMetres: 5_000 }, 'ACCURACY_POOR'],
    ] as const) {
      const json = await savedAfter(position)
      const again = replay(evidenceFileSchema.parse(json))
      expect(again).to.include({ isSame: true, decided, answered: decided })
      if (decided === 'ACCURACY_POOR') continue // two programs are enough
      const { code, text } = await run(json)
      expect(text).to.include(`signed by ${signer.address}`).and.to.include('same bytes')
      expect(code).to.equal(0)
    }
  }).timeout(60_000)

  it('does not where evidence, document, site or time is another', async () => {
    const file = evidenceFileSchema.parse(await savedAfter(insidePosition))
    const { answer, geofence } = file
    if (!answer.granted) return expect.fail('granted')
    const { opening, presence } = answer
    const moved = opening.evidence.fixes.map((fix) => ({ ...fix, latitudeE7: fix.latitudeE7 + 1 }))
    const others: EvidenceFile[] = [
      withAnswer({ opening: { ...opening, evidence: { ...opening.evidence, fixes: moved } } }),
      withAnswer({ opening: { ...opening, challenge: `0x${'11'.repeat(32)}` } }),
      withAnswer({ opening: { ...opening, ruleset: 'coupon-secure/1' } }),
      withAnswer({ presence: { ...presence, observedAt: presence.observedAt + 61n } }),
      withAnswer({ presence: { ...presence, site: 2 }, site: 2 }),
      { ...file, geofence: { ...geofence, salt: `0x${'22'.repeat(32)}` } },
    ]
    for (const other of others) {
      const { isSame, problems } = replay(other)
      expect(isSame).to.be.false
      expect(problems).to.not.be.empty
    }

    function withAnswer(change: Partial<typeof answer>): EvidenceFile {
      return { ...file, answer: { ...answer, ...change } as typeof answer }
    }
  })

  it('says that what the chain refused is no matter of the position', async () => {
    rehearsal.says.status = 'redeemed'
    const { isSame, problems } = replay(evidenceFileSchema.parse(await savedAfter(insidePosition)))
    expect(isSame).to.be.false
    expect(problems[0]).to.include('COUPON_REDEEMED is no matter of the position')
  })

  it('names what is wrong with a file, and ends with 2', async () => {
    const json = await savedAfter(insidePosition)
    const broken = await run({ ...json, geofence: undefined })
    expect(broken.code).to.equal(2)
    expect(broken.text).to.include('geofence: A field is missing.')
  }).timeout(60_000)

  /** What the holder's page would save. */
  async function savedAfter(position: Position) {
    const response = await rehearsal.present(await rehearsal.readyClaim({ position }))
    const answer: unknown = await response.json()
    return { version: 1, chainId: CHAIN_ID, book, answer, geofence: messHall }
  }

  async function run(json: object): Promise<{ code: number; text: string }> {
    const file = join(folder, 'evidence.json')
    await writeFile(file, JSON.stringify(json))
    return new Promise((resolve) => {
      const child = execFile(process.execPath, [script, file], (_error, stdout, stderr) =>
        resolve({ code: child.exitCode ?? -1, text: stdout + stderr }),
      )
    })
  }
})
