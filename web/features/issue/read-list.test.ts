import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { readList } from './read-list.ts'

const list = (text: string) => readList({ bytes: new TextEncoder().encode(text) })
const codesOf = (text: string) => list(text).problems.map(({ line, code }) => `${line} ${code}`)
const demo = (name: string) => readFileSync(new URL(`../../../demo/${name}`, import.meta.url))

const codesIn = (text: string) => Array.from(text, (character) => character.charCodeAt(0))

const ADDRESS = '0x337201b5882056C2404587bda79e8Bbd61FB0EB5'
const SMALL = ADDRESS.toLowerCase()

describe('readList', () => {
  describe('given the messy demo list', () => {
    const messy = readList({ bytes: demo('attendees-messy.csv') })

    it('sees how it is written', () => {
      expect(messy.text).to.deep.equal({ encoding: 'utf-8', separator: ';' })
      expect(messy.hasHeader).to.equal(true)
      expect(messy.places).to.deep.equal({ name: 0, email: 1, address: 2 })
    })

    it('names every problem with its line', () => {
      expect(messy.problems.map(({ line, code }) => `${line} ${code}`)).to.deep.equal([
        '4 ADDRESS_CHECKSUM',
        '6 BLANK_ROW',
        '8 ADDRESS_REPEATED',
        '8 EMAIL_REPEATED',
        '9 QUOTE_STRAY',
        '9 FORMULA_AS_TEXT',
        '9 EMAIL_INVALID',
        '9 ADDRESS_NOT_HEX',
        '10 EMAIL_INVALID',
        '11 ADDRESS_ZERO',
        '12 ADDRESS_TOO_SHORT',
        '13 ENS_NAME',
        '14 LINE_BREAK_IN_CELL',
        '17 EMAIL_REPEATED',
        '18 EXTRA_CELL',
        '20 QUOTE_NOT_CLOSED',
      ])
    })

    it('drops no row', () => {
      expect(messy.rows.map(({ line, state }) => `${line} ${state}`)).to.deep.equal([
        '2 ready',
        '3 ready',
        '4 broken',
        '5 waiting',
        '7 ready',
        '8 ready',
        '9 broken',
        '10 waiting',
        '11 broken',
        '12 broken',
        '13 broken',
        '14 waiting',
        '16 waiting',
        '17 waiting',
        '18 doubtful',
        '19 waiting',
        '20 broken',
      ])
      expect(messy.rows[0]).to.include({ name: 'Attendee, 001', address: SMALL })
      expect(messy.rows.find(({ line }) => line === 14)?.name).to.equal('Attendee 011')
    })
  })

  it('reads the clean demo list: 100 wallets, 200 who wait', () => {
    const { rows, problems } = readList({ bytes: demo('attendees.csv') })
    expect(problems).to.deep.equal([])
    expect(rows.filter(({ state }) => state === 'ready')).to.have.length(100)
    expect(rows.filter(({ state }) => state === 'waiting')).to.have.length(200)
  })

  it('takes small and capital letters without a checksum', () => {
    const text = `${ADDRESS.toLowerCase()}\n0x${ADDRESS.slice(2).toUpperCase()}\n`
    expect(list(text).rows.map(({ address }) => address)).to.deep.equal([SMALL, SMALL])
  })

  it('counts digits', () => {
    expect(codesOf(`address\n${ADDRESS}0\n${ADDRESS.slice(0, -1)}\n0x12zz\n`)).to.deep.equal([
      '2 ADDRESS_TOO_LONG',
      '3 ADDRESS_TOO_SHORT',
      '4 ADDRESS_NOT_HEX',
    ])
  })

  it('finds columns without a header, in any order', () => {
    const { places, hasHeader } = list(`a@example.org,${ADDRESS},Ann\nb@example.org,,Bob\n`)
    expect({ places, hasHeader }).to.deep.equal({
      places: { name: 2, email: 0, address: 1 },
      hasHeader: false,
    })
  })

  it('knows tabs, and UTF-16 by its mark', () => {
    const text = `\ufeffName\tWallet\r\nÅsa\t${ADDRESS}\r\n`
    const bytes = new Uint8Array(Uint16Array.from(codesIn(text)).buffer)
    const read = readList({ bytes })
    expect(read.text).to.deep.equal({ encoding: 'utf-16le', separator: '\t' })
    expect(read.rows[0]).to.include({ name: 'Åsa', address: SMALL })
  })

  it('says when it had to guess the encoding', () => {
    const bytes = Uint8Array.from(codesIn('name;wallet\nJos\xe9;\n'))
    const { problems, rows } = readList({ bytes })
    expect(problems).to.have.length(1)
    expect(problems[0]).to.include({ code: 'ENCODING_GUESSED' })
    expect(rows[0]?.name).to.equal('José')
  })

  it('reads in another encoding when it is told to', () => {
    const bytes = Uint8Array.from([...codesIn('name;wallet\n'), 0xc0, 0xed, 0xed, 0xe0, 0x3b, 0x0a])
    const read = readList({ bytes, encoding: 'windows-1251' })
    expect(read.rows[0]?.name).to.equal('Анна')
    expect(read.problems).to.deep.equal([])
  })

  it('takes invisible characters out and says which', () => {
    const text = `name,email,wallet\nAnn\u202egnp.exe,a\u200bnn@example.org,\u2066${ADDRESS}\u2069\nZo\u00ade,,\n`
    const { rows, problems } = list(text)
    expect(rows[0]).to.include({
      name: 'Anngnp.exe',
      email: 'ann@example.org',
      address: SMALL,
      state: 'ready',
    })
    expect(rows[1]?.name).to.equal('Zoe')
    expect(problems.map(({ line, code }) => `${line} ${code}`)).to.deep.equal([
      '2 BIDI_CHARACTER',
      '2 ZERO_WIDTH_CHARACTER',
      '2 BIDI_CHARACTER',
      '3 ZERO_WIDTH_CHARACTER',
    ])
    expect(problems[0]?.message).to.contain('U+202E')
  })

  it('leaves the joiners of Indic and Persian names alone, and of emoji', () => {
    const names = ['क्\u200dष', 'می\u200cخواهم', '👩\u200d🍳']
    const { rows, problems } = list(`name,wallet\n${names.join(',\n')},\n`)
    expect(rows.map(({ name }) => name)).to.deep.equal(names)
    expect(problems).to.deep.equal([])
  })

  it('does not let an open quote swallow the rows after it', () => {
    const { rows } = list(`name,wallet\n"Ann,${ADDRESS}\n"Bob",${ADDRESS}\nCid,${ADDRESS}\n`)
    expect(rows.map(({ line, state }) => `${line} ${state}`)).to.deep.equal([
      '2 broken',
      '3 ready',
      '4 ready',
    ])
  })

  it('reads 50,000 rows within two seconds', () => {
    const rows = Array.from(
      { length: 50_000 },
      (_, index) =>
        `Person ${index},p${index}@example.org,0x${(index + 1).toString(16).padStart(40, '0')}`,
    )
    const before = performance.now()
    expect(list(`name,email,address\n${rows.join('\n')}\n`).rows).to.have.length(50_000)
    expect(performance.now() - before).to.be.below(2_000)
  }).timeout(10_000)
})
