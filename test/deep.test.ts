import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect } from 'chai'
import { forgetRounds, keepRounds, recallRounds } from '../scripts/test-deep-memory.ts'

describe('test:deep, interrupted', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'coupon-secure-deep-'))
  const file = path.join(folder, 'deep.json')
  const memory = {
    depth: { seed: 7, rounds: 20, fuzz: 100_000, crowd: 1_000 },
    rounds: [[{ name: 'testFuzz_noInnerNodeIsALeaf', isGood: true, runs: 5_000, seconds: 81.5 }]],
    crowd: 'redeem=12;steal, refused=3;\n',
  }
  after(() => fs.rmSync(folder, { recursive: true }))

  it('knows of nothing where nothing was begun', () => {
    expect(recallRounds({ file })).to.equal(undefined)
  })

  it('knows the rounds that were played on these contracts and tests', () => {
    keepRounds({ memory, file })
    expect(recallRounds({ file })).to.deep.equal(memory)
  })

  it('forgets those that were played on others', () => {
    keepRounds({ memory, file })
    const kept = JSON.parse(fs.readFileSync(file, 'utf8')) as { ground: string }
    fs.writeFileSync(file, JSON.stringify({ ...kept, ground: kept.ground.replace(/^../, 'no') }))
    expect(recallRounds({ file })).to.equal(undefined)
  })

  it('forgets what has come to its end', () => {
    keepRounds({ memory, file })
    forgetRounds({ file })
    expect(recallRounds({ file })).to.equal(undefined)
  })
})
