import fs from 'node:fs'
import { expect } from 'chai'
import { createElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { argumentsOf, categoriesOf, compileMessage } from './compile.ts'
import { languageFor, LANGUAGES, languagesIn } from './languages.ts'
import { inEnglish } from './english.ts'
import { wordsIn } from './speaking.ts'
import { type Key, wordsOf } from './words.ts'

const FOLDER = new URL('.', import.meta.url)
const catalogueOf = (tag: string) =>
  JSON.parse(fs.readFileSync(new URL(`${tag}.json`, FOLDER), 'utf8')) as Record<string, string>
const english = catalogueOf('en')

describe('the catalogues', () => {
  it('are those of the languages that can be chosen', () => {
    const files = fs.readdirSync(FOLDER).filter((name) => name.endsWith('.json'))
    const tags = LANGUAGES.map(({ tag }) => `${tag}.json`)
    expect(files.sort()).to.deep.equal(tags.sort())
  })

  for (const { tag, locale } of LANGUAGES) {
    describe(tag, () => {
      const catalogue = catalogueOf(tag)

      it('says all that English says, and nothing else', () => {
        const texts = Object.keys(catalogue).filter((key) => !key.startsWith('failure.'))
        expect(texts).to.have.members(Object.keys(english))
      })

      it('takes the same values', () => {
        for (const [key, text] of Object.entries(english)) {
          expect(argumentsOf(catalogue[key] ?? ''), key).to.deep.equal(argumentsOf(text))
        }
      })

      it('has every plural of its language, and no other', () => {
        const { pluralCategories } = new Intl.PluralRules(locale).resolvedOptions()
        for (const [key, text] of Object.entries(catalogue)) {
          const named = new Set(categoriesOf(text))
          if (named.size > 0) expect([...named], key).to.have.members(pluralCategories)
        }
      })

      it('says something everywhere, without spaces at its ends or two in a row', () => {
        for (const [key, text] of Object.entries(catalogue)) {
          expect(text, key)
            .to.match(/^\S(.*\S)?$/)
            .and.not.to.match(/ {2}|\n/)
        }
      })

      it('has been compiled since it was changed', async () => {
        const files = tag === 'en' ? ['en', 'en-rest'] : [tag]
        const parts = await Promise.all(
          files.map(async (file) => {
            const { words } = (await import(`./compiled/${file}.ts`)) as { words: object }
            return Object.entries(words)
          }),
        )
        const fresh = Object.entries(catalogue).map(([key, text]) => [key, compileMessage(text)])
        expect(Object.fromEntries(parts.flat()), 'npm run words').to.deep.equal(
          Object.fromEntries(fresh),
        )
      })
    })
  }
})

describe('words', () => {
  const speak = ({ tag, ...texts }: Record<string, string>) => {
    const language = LANGUAGES.find((one) => one.tag === tag)!
    const compiled = Object.entries(texts).map(([key, text]) => [key, compileMessage(text)])
    const { say, rich } = wordsOf({ language, catalogue: Object.fromEntries(compiled) })
    return {
      say: say as (key: string, values: object) => string,
      rich: rich as (key: string, values: object) => ReturnType<typeof rich>,
    }
  }

  it('choose the plural of their language', () => {
    const text = '{count, plural, =0 {none} one {# coupon} other {# coupons}}'
    const say = (tag: string, count: number) => speak({ tag, text }).say('text', { count })
    expect([0, 1, 2, 1_000].map((count) => say('en', count))).to.deep.equal([
      'none',
      '1 coupon',
      '2 coupons',
      '1,000 coupons',
    ])
    expect(say('hi', 1)).to.equal('1 coupon')
    expect(say('hi', 100_000)).to.equal('1,00,000 coupons')
  })

  it('choose by a word', () => {
    const { say } = speak({ tag: 'en', text: '{who, select, phone {Your phone} other {A device}}' })
    expect(say('text', { who: 'phone' })).to.equal('Your phone')
    expect(say('text', { who: 'else' })).to.equal('A device')
  })

  it('keep a name apart from the direction of the sentence around it', () => {
    const text = '{name}: yes'
    expect(speak({ tag: 'en', text }).say('text', { name: 'Lunch' })).to.equal('Lunch: yes')
    expect(speak({ tag: 'ur', text }).say('text', { name: 'Lunch' })).to.equal(
      '\u2068Lunch\u2069: yes',
    )
  })

  it('put elements where the tags and the values are', () => {
    const { rich } = speak({ tag: 'en', text: 'Taken <b>once</b> at {place}' })
    const values = {
      b: (inside: unknown) => createElement('b', null, inside as string),
      place: createElement('bdi', null, 'Hall'),
    }
    expect(renderToStaticMarkup(rich('text', values))).to.equal(
      'Taken <b>once</b> at <bdi>Hall</bdi>',
    )
  })

  it('say what they have in English too, where a language has none', () => {
    const key: Key = 'common.again'
    expect(speak({ tag: 'hi' }).say(key, {})).to.equal(inEnglish.say(key))
  })
})

describe('wordsIn', () => {
  it('is English while a catalogue cannot be loaded, and tries again the next time', async () => {
    let tries = 0
    const load = () => {
      tries += 1
      return tries === 1 ? Promise.reject(new Error('no network')) : Promise.resolve({ words: {} })
    }
    const language = { ...LANGUAGES[1]!, load }
    expect((await wordsIn(language)).language.tag).to.equal('en')
    expect((await wordsIn(language)).language).to.equal(language)
    await wordsIn(language)
    expect(tries, 'loaded once').to.equal(2)
  })
})

describe('languages', () => {
  it('are found in what a browser asks for, best first', () => {
    const best = (header: string) => languageFor(languagesIn(header)).tag
    expect(best('fr-FR,hi;q=0.8,en;q=0.9')).to.equal('en')
    expect(best('fr, UR-pk;q=0.3, de;q=0.9')).to.equal('ur')
    expect(best('hi-IN')).to.equal('hi')
    expect(best('hi;q=0, ur;q=nonsense')).to.equal('en')
    expect(best('')).to.equal('en')
  })
})
