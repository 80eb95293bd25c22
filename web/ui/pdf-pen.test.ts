import { expect } from 'chai'
import { wrap } from './pdf-pen.ts'

describe('wrap', () => {
  const fit = (text: string, most = 2) =>
    wrap({ text, width: 10, measure: ({ length }) => length, most })

  it('breaks between words, within words where it must, and says that it cut', () => {
    expect(fit('one two')).to.deep.equal(['one two'])
    expect(fit('one two three')).to.deep.equal(['one two', 'three'])
    expect(fit('abcdefghijklmno')).to.deep.equal(['abcdefghij', 'klmno'])
    expect(fit('one two three four five six')).to.deep.equal(['one two', 'three fou…'])
  })
})
