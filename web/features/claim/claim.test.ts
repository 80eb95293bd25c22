import { writeClaimLink } from '@coupon-secure/protocol/claim-link'
import { expect } from 'chai'
import { inEnglish } from '../../words/english.ts'
import { claimIn } from './claim.ts'

const link = {
  chainId: 31337,
  book: '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266',
  key: `0x${'0123456789abcdef'.repeat(4)}`,
} as const
const fragment = `#${writeClaimLink(link)}`
const open = (text: string, chainId = 31337) => claimIn({ fragment: text, chainId })

describe('claimIn', () => {
  it('opens a whole link of this chain', () => {
    expect(open(fragment)).to.deep.equal({ ok: true, link })
  })

  it('has a sentence of its own for everything else, which never holds the key', () => {
    const problems = [
      open(''),
      open(fragment.slice(0, -3)),
      open(fragment.replace('.ASNF', '.BSNF')),
      open('#state=abc'),
      open(fragment, 1),
    ].map((claim) => (claim.ok ? undefined : claim.problem))
    expect(problems.map((problem) => problem?.code)).to.deep.equal([
      'CLAIM_LINK_MISSING',
      'CLAIM_LINK_CUT',
      'CLAIM_LINK_DAMAGED',
      'CLAIM_LINK_FOREIGN',
      'CLAIM_LINK_FOR_OTHER_CHAIN',
    ])
    const names = { theirs: 'Local chain', ours: 'chain 1' }
    const sentences = problems.map((problem) =>
      problem?.code === 'CLAIM_LINK_FOR_OTHER_CHAIN'
        ? inEnglish.say(`claim.${problem.code}.words`, names)
        : inEnglish.say(`claim.${problem!.code}.words`),
    )
    expect(new Set(sentences).size).to.equal(5)
    for (const sentence of sentences) expect(sentence).to.match(/^[A-Z].*\.$/)
    expect(sentences[4]).to.contain('Local chain').and.to.contain('chain 1')
    expect(problems[4]).to.include({ theirs: 31337, ours: 1 })
    expect(JSON.stringify(problems)).not.to.contain('ASNF')
  })
})
