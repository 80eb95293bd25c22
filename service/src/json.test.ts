import { expect } from 'chai'
import { parseJson } from './json.ts'

describe('parseJson', () => {
  it('gives the value of plain JSON', () => {
    const text = '{"a":[1,{"b":"x, \\"y\\": {"}],"c":{"a":null}}'
    expect(parseJson(text)).to.deep.equal({ ok: true, value: JSON.parse(text) })
  })

  const refused: [what: string, text: string, code: string, field?: string][] = [
    ['nothing', '', 'BODY_EMPTY'],
    ['blanks', ' \n', 'BODY_EMPTY'],
    ['half an object', '{', 'JSON_INVALID'],
    ['a string that never ends', '{"a', 'JSON_INVALID'],
    ['a bad escape', '{"\\x":1}', 'JSON_INVALID'],
    ['NaN', '{"a":NaN}', 'JSON_INVALID'],
    ['Infinity', '{"a":-Infinity}', 'JSON_INVALID'],
    ['a trailing comma', '{"a":1,}', 'JSON_INVALID'],
    ['a second value', '{} {}', 'JSON_INVALID'],
    ['a byte order mark', '\ufeff{}', 'JSON_INVALID'],
    ['the same key twice', '{"a":1,"a":2}', 'JSON_DUPLICATE_KEY', 'a'],
    ['the same key twice, once escaped', '{"a":1,"\\u0061":2}', 'JSON_DUPLICATE_KEY', 'a'],
    ['the same key twice, further in', '[{"b":{"a":1,"c":[],"a":2}}]', 'JSON_DUPLICATE_KEY', 'a'],
    ['__proto__', '{"__proto__":{"isAdmin":true}}', 'FIELD_FORBIDDEN', '__proto__'],
    ['__proto__, escaped', '{"\\u005f_proto__":1}', 'FIELD_FORBIDDEN', '__proto__'],
    ['a lone surrogate', '{"a":"\\ud800"}', 'TEXT_INVALID'],
    ['NUL', '{"a":"\\u0000"}', 'TEXT_INVALID'],
    ['seventeen brackets', `${'['.repeat(17)}${']'.repeat(17)}`, 'JSON_TOO_DEEP'],
    ['ten thousand brackets that never close', '['.repeat(10_000), 'JSON_TOO_DEEP'],
  ]
  for (const [what, text, code, field] of refused) {
    it(`refuses ${what} as ${code}`, () => {
      const parsed = parseJson(text)
      expect(parsed).to.deep.equal({ ok: false, problem: { code, ...(field && { field }) } })
    })
  }

  it('takes the same key in different objects, and strings that look like keys', () => {
    expect(parseJson('[{"a":"a"},{"a":["a","a"]}]')).to.have.property('ok', true)
  })

  it('leaves every object’s prototype alone', () => {
    parseJson('{"__proto__":{"isAdmin":true}}')
    expect({}).not.to.have.property('isAdmin')
  })
})
