import { expect } from 'chai'
import { CIRCLE_CORNERS, circleAround, radiusOf } from './circle.ts'
import {
  cornerAdded,
  cornerMoved,
  cornerRemoved,
  siteAround,
  type Sites,
  withAdded,
  withHole,
  withMoved,
  withName,
  withoutHole,
  withoutSite,
  withRing,
} from './site-edits.ts'
import { changed, historyOf, redone, type SiteHistory, undone } from './site-history.ts'
import { areaOf, perimeterOf, sizeText } from './site-measure.ts'
import { siteProblems } from './site-problems.ts'
import { squareAround, squareSite } from './squares.fixture.ts'

const hall = squareSite({ name: 'Hall', number: 1 })
const court = squareSite({ name: 'Court', number: 2, x: 100_000 })
const sites: Sites = [hall, court]
const small = squareAround({ x: 100_000, y: 0, half: 3_000 })
const namesOf = (list: Sites) => list.map(({ number, name }) => `${number} ${name}`)

describe('edits of sites', () => {
  it('add, and call what came without a name by its number', () => {
    const added = [
      squareSite({ name: 'Site 1', number: 1 }),
      squareSite({ name: 'Bar', number: 2 }),
    ]
    expect(namesOf(withAdded({ sites, added }))).to.deep.equal([
      '1 Hall',
      '2 Court',
      '3 Site 3',
      '4 Bar',
    ])
  })

  it('remove, rename and move, and number anew', () => {
    expect(namesOf(withoutSite({ sites, site: 0 }))).to.deep.equal(['1 Court'])
    expect(namesOf(withName({ sites, site: 1, name: 'Yard' }))).to.deep.equal(['1 Hall', '2 Yard'])
    expect(namesOf(withMoved({ sites, site: 1, by: -1 }))).to.deep.equal(['1 Court', '2 Hall'])
    expect(withMoved({ sites, site: 1, by: 1 })).to.equal(sites)
  })

  it('cut holes and fill them again, never the outer ring', () => {
    const cut = withHole({ sites, site: 1, hole: small })
    expect(cut[1]?.rings).to.have.length(2)
    expect(cut[0]).to.equal(hall)
    expect(withoutHole({ sites: cut, site: 1, ring: 1 })).to.deep.equal(sites)
    expect(withoutHole({ sites: cut, site: 1, ring: 0 })).to.deep.equal(cut)
  })

  it('find the site that a hole is drawn in, by most of its corners', () => {
    expect(siteAround({ sites, hole: small })).to.equal(1)
    expect(siteAround({ sites, hole: squareAround({ x: 109_000, y: 0, half: 3_000 }) })).to.equal(1)
    expect(siteAround({ sites, hole: squareAround({ x: 50_000, y: 0, half: 9 }) })).to.equal(
      undefined,
    )
  })

  it('move, add and remove corners, down to three', () => {
    const [corners = []] = hall.rings
    const to = { longitudeE7: 7, latitudeE7: 8 }
    expect(cornerMoved({ corners, corner: 1, to })[1]).to.equal(to)
    const more = cornerAdded({ corners, corner: 3 })
    expect(more).to.have.length(5)
    expect(more[4]).to.deep.equal({ longitudeE7: -10_000, latitudeE7: 0 })
    const three = cornerRemoved({ corners, corner: 0 })
    expect(three).to.deep.equal(corners.slice(1))
    expect(cornerRemoved({ corners: three, corner: 0 })).to.deep.equal(three)
    expect(withRing({ sites, site: 0, ring: 0, corners: three })[0]?.rings).to.deep.equal([three])
  })
})

describe('the history of sites', () => {
  const words = 'remove Court'
  it('takes back and makes again, each by its words', () => {
    const once = changed({ history: historyOf(sites), sites: [hall], words })
    const twice = changed({ history: once, sites: [], words: 'remove Hall' })
    const back = undone(twice)
    expect(back.sites).to.deep.equal([hall])
    expect(back.past.at(-1)?.words).to.equal(words)
    expect(back.future.at(-1)?.words).to.equal('remove Hall')
    expect(undone(back).sites).to.equal(sites)
    expect(redone(redone(undone(back))).sites).to.deep.equal([])
    expect(undone(undone(undone(twice)))).to.deep.equal(undone(undone(twice)))
    expect(redone(twice)).to.equal(twice)
  })

  it('forgets what was taken back once something else is done', () => {
    const once = changed({ history: historyOf(sites), sites: [hall], words })
    const other = changed({ history: undone(once), sites: [court], words: 'remove Hall' })
    expect(other.future).to.deep.equal([])
    expect(undone(other).sites).to.equal(sites)
  })

  it('takes a name back as a whole, but not what came before it', () => {
    const typed = ['Y', 'Ya', 'Yard'].reduce(
      (history, name) =>
        changed({
          history,
          sites: withName({ sites: history.sites, site: 1, name }),
          words: 'rename',
          run: 'name 1',
        }),
      changed({ history: historyOf([]), sites, words: 'add' }),
    )
    expect(typed.sites[1]?.name).to.equal('Yard')
    expect(undone(typed).sites).to.equal(sites)
    expect(undone(undone(typed)).sites).to.deep.equal([])
  })

  it('takes a name back only to where something was taken back before', () => {
    const typed = (history: SiteHistory, name: string) =>
      changed({
        history,
        sites: withName({ sites: history.sites, site: 1, name }),
        words: 'rename',
        run: 'name 1',
      })
    const first = typed(historyOf(sites), 'Y')
    const second = typed(undone(changed({ history: first, sites: [], words: 'remove' })), 'Yard')
    expect(undone(second).sites[1]?.name).to.equal('Y')
  })

  it('notes nothing where nothing changed', () => {
    const history = historyOf(sites)
    expect(changed({ history, sites, words })).to.equal(history)
  })
})

describe('a circle', () => {
  const centre = { longitudeE7: 759_236_000, latitudeE7: 600_000_000 }
  const site = { number: 1, name: 'Circle', rings: [circleAround({ centre, radiusMetres: 100 })] }

  it('is a polygon of whole units, as large as it should be at any latitude', () => {
    expect(site.rings[0]).to.have.length(CIRCLE_CORNERS)
    expect(site.rings.flat().every(({ longitudeE7 }) => Number.isInteger(longitudeE7))).to.be.true
    expect(areaOf(site)).to.be.closeTo(Math.PI * 100 ** 2 * 0.9984, 20)
    expect(perimeterOf(site)).to.be.closeTo(2 * Math.PI * 100, 1)
    expect(siteProblems([site])).to.deep.equal([])
  })

  it('takes a radius in metres only', () => {
    expect(radiusOf(' 25 m')).to.equal(25)
    expect(radiusOf('12,5')).to.equal(12.5)
    for (const text of ['', '0', '-3', '56001', '1e3', '12 ft', '1.234']) {
      expect(radiusOf(text), text).to.equal(undefined)
    }
  })
})

describe('sizeText', () => {
  it('says area and way round, less what is cut out', () => {
    expect(sizeText(hall)).to.equal('49,457 m², 890 m around')
    expect(sizeText(withHole({ sites: [hall], site: 0, hole: small })[0]!)).to.equal(
      '45,006 m², 890 m around',
    )
    const wide = { ...hall, rings: [squareAround({ x: 0, y: 0, half: 1_000_000 })] }
    expect(sizeText(wide)).to.equal('494.57 km², 89 km around')
  })
})

describe('siteProblems', () => {
  const codesOf = (list: Sites) => siteProblems(list).map(({ code, path }) => `${path} ${code}`)

  it('finds a fence that crosses itself, while it is drawn, with a sentence of its own', () => {
    const [a, b, c, d] = squareAround({ x: 0, y: 0, half: 10_000 })
    const bow = { ...court, rings: [[a!, c!, b!, d!]] }
    expect(codesOf([hall, bow])).to.deep.equal(['sites.1.rings.0 RING_SELF_CROSSES'])
    expect(siteProblems([hall, bow])[0]?.message).to.contain('crosses or touches itself at')
  })

  it('finds a hole outside, and a fence behind a missing name', () => {
    const beside = withHole({ sites, site: 0, hole: small })
    expect(codesOf(beside)).to.deep.equal(['sites.0.rings.1 HOLE_OUTSIDE'])
    expect(codesOf(withName({ sites: beside, site: 1, name: ' ' }))).to.deep.equal([
      'sites.1.name NAME_INVALID',
      'sites.0.rings.1 HOLE_OUTSIDE',
    ])
  })

  it('finds nothing wrong with what is right, or with nothing', () => {
    expect(codesOf(sites)).to.deep.equal([])
    expect(codesOf([])).to.deep.equal([])
  })
})
