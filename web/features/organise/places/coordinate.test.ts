import { expect } from 'chai'
import { coordinateText, readCoordinate } from './coordinate.ts'

const JAIPUR = { longitudeE7: 759_236_000, latitudeE7: 269_359_000 }
const positionOf = (text: string) => {
  const read = readCoordinate(text)
  return read.ok ? read.position : read.code
}

describe('readCoordinate', () => {
  it('takes latitude first, in decimals', () => {
    for (const text of [
      '26.9359, 75.9236',
      '26.9359,75.9236',
      ' 26.9359 75.9236 ',
      '26.9359; 75.9236',
      '26,9359; 75,9236',
      '26,9359 75,9236',
      '26.9359°, 75.9236°',
      '+26.9359 +75.9236',
    ]) {
      expect(positionOf(text), text).to.deep.equal(JAIPUR)
    }
  })

  it('lets letters decide the order', () => {
    for (const text of [
      '26.9359 N, 75.9236 E',
      '75.9236E 26.9359N',
      'N 26.9359 E 75.9236',
      'e75.9236, n26.9359',
      '26.9359N75.9236E',
    ]) {
      expect(positionOf(text), text).to.deep.equal(JAIPUR)
    }
    expect(positionOf('26.9359, 75.9236 E')).to.deep.equal(JAIPUR)
    expect(positionOf('33.5 S, 70.6 W')).to.deep.equal({
      longitudeE7: -706_000_000,
      latitudeE7: -335_000_000,
    })
  })

  it('reads degrees, minutes and seconds', () => {
    const seconds = { longitudeE7: 759_236_111, latitudeE7: 269_358_889 }
    for (const text of [
      `26°56'09.2"N 75°55'25"E`,
      '26°56′09.2″N, 75°55′25″E',
      '26° 56’ 9.2” N 75° 55’ 25” E',
      '26 56 9.2 75 55 25',
      "26°56'9.2'' 75°55'25''",
      `75°55'25"E 26°56'09.2"N`,
      `N26°56'09.2" E75°55'25"`,
    ]) {
      expect(positionOf(text), text).to.deep.equal(seconds)
    }
    expect(positionOf("26°56.154'N 75°55.416'E")).to.deep.equal(JAIPUR)
    expect(positionOf(`-33°30' -70°36'`)).to.deep.equal({
      longitudeE7: -706_000_000,
      latitudeE7: -335_000_000,
    })
  })

  it('says what is out of range, and suspects a swap', () => {
    const swapped = readCoordinate('139.69, 35.68')
    expect(swapped).to.include({ ok: false, code: 'COORDINATE_OUT_OF_RANGE' })
    expect(swapped).to.have.property('message').that.contains('the wrong way round')
    expect(positionOf('26, 181')).to.equal('COORDINATE_OUT_OF_RANGE')
    expect(positionOf('-91, 200')).to.equal('COORDINATE_OUT_OF_RANGE')
  })

  it('guesses nothing', () => {
    for (const text of [
      '',
      'here',
      '26.9359',
      '26.9, 75.9, 12',
      '26 N, 75 N',
      '-26 N, 75 E',
      'N26N, 75 E',
      `26°60'N 75°10'E`,
      `26°10'60"N 75°10'E`,
      `26.5°10'N 75°10'E`,
      '1 2 3',
      '1e1, 2',
      '0x10, 2',
      '٢٦, ٧٥',
    ]) {
      expect(positionOf(text), text).to.equal('COORDINATE_UNREADABLE')
    }
  })

  it('reads what coordinateText writes', () => {
    expect(coordinateText(JAIPUR)).to.equal('26.9359, 75.9236')
    expect(positionOf(coordinateText(JAIPUR))).to.deep.equal(JAIPUR)
    const tiny = { longitudeE7: -1, latitudeE7: 3 }
    expect(positionOf(coordinateText(tiny))).to.deep.equal(tiny)
  })
})
