import { type AstNode, nodeAt, nodesAt, wordAt } from './mutate-ast.ts'

/** Something that holds for all words: a name, and in SMT-LIB what would be so if it did not. */
export type Lemma = { name: string; says: string; refuted: string }

const WIDTH = 256
const OPERATORS: Readonly<Record<string, string>> = {
  '+': 'bvadd',
  '-': 'bvsub',
  '*': 'bvmul',
  '/': 'bvudiv',
  '&': 'bvand',
  '|': 'bvor',
  '^': 'bvxor',
  '<<': 'bvshl',
  '>>': 'bvlshr',
}
const ANY = [
  '(set-logic ALL)',
  '(declare-const w (_ BitVec 256))',
  '(declare-const s (_ BitVec 256))',
  '(declare-const t (_ BitVec 256))',
  `(assert (bvult s ${constant(256n)}))`,
  `(assert (bvult t ${constant(256n)}))`,
  '(define-fun bit ((v (_ BitVec 256)) (i (_ BitVec 256))) Bool (= ((_ extract 0 0) (bvlshr v i)) #b1))',
  `(define-fun mask ((i (_ BitVec 256))) (_ BitVec 256) (bvshl ${constant(1n)} i))`,
  `(define-fun fresh ((n (_ BitVec 256))) (_ BitVec 256) (bvshl (bvnot ${constant(0n)}) n))`,
]

/** What test/proof/Words.sol tells the prover, and what stands behind it; `counting` is the ledger's own function. */
export function lemmas({ counting }: { counting: AstNode }): Lemma[] {
  const isSeats = `(and (bvult ${constant(0n)} s) (bvult s ${constant(256n)}))`
  const [upper, lower] = [`(bvlshr w ${constant(8n)})`, `(bvand w ${constant(255n)})`]
  const whole = `(bvadd (bvmul ${upper} ${constant(256n)}) ${lower})`
  const parts = `(and (= w ${whole}) (bvult ${upper} ${constant(1n << 248n)}) (bvult ${lower} ${constant(256n)}))`
  const words = [
    about('mask', '1 << s is not 0', `(not (= (mask s) ${constant(0n)}))`),
    about(
      'masked',
      'w & (1 << s) is 0 unless s is set',
      `(= (not (= (bvand w (mask s)) ${constant(0n)})) (bit w s))`,
    ),
    about(
      'set',
      'w | (1 << s) sets s and no other',
      '(= (bit (bvor w (mask s)) t) (or (= t s) (bit w t)))',
    ),
    about('some', 'w | (1 << s) is not 0', `(not (= (bvor w (mask s)) ${constant(0n)}))`),
    about('complement', '~w has set what w has clear', '(= (bit (bvnot w) t) (not (bit w t)))'),
    about(
      'fresh bits',
      'max << n has n clear bits, the lowest',
      `(=> ${isSeats} (= (bit (fresh s) t) (bvuge t s)))`,
    ),
    about('fresh word', 'max << n is not 0', `(=> ${isSeats} (not (= (fresh s) ${constant(0n)})))`),
    about('no bits', '0 has no bit set', `(not (bit ${constant(0n)} t))`),
    about(
      'parts',
      'w is (w >> 8) * 256 + (w & 0xff), of which the first is below 2^248, the other below 256',
      parts,
    ),
  ]
  return [...words, ...countingLemmas(counting)]
}

/**
 * That the ledger's function counts the bits of every word whose highest is clear, in steps: what its first statements leave in each
 * byte is how many bits of that byte were set; what it then returns is the sum of the bytes; and a sum of bits is one less where
 * one of them is.
 */
function countingLemmas(counting: AstNode): Lemma[] {
  const { steps, result } = statementsOf(counting)
  const [last = 'w'] = steps.slice(-1).map((_, index) => `step${steps.length - 1 + index}`)
  const defined = steps.map((term, index) => `(define-fun step${index} () (_ BitVec 256) ${term})`)
  const bytes = Array.from({ length: WIDTH / 8 }, (_, index) => index)
  const bits = Array.from({ length: WIDTH }, (_, index) => index)
  const byteOf = (word: string, index: number) =>
    `((_ extract ${8 * index + 7} ${8 * index}) ${word})`
  const bitOf = (index: number) => `((_ zero_extend 7) ((_ extract ${index} ${index}) w))`
  const bitsIn = (byte: number) =>
    `(bvadd ${bits
      .slice(8 * byte, 8 * byte + 8)
      .map(bitOf)
      .join(' ')})`
  const lanes = bytes.map((byte) => `(= ${byteOf(last, byte)} ${bitsIn(byte)})`)

  // The last step on its own, in whole numbers: any word of 32 bytes, none above 8, all together 255 at most.
  const sum = `(+ ${bytes.map((byte) => `b${byte}`).join(' ')})`
  const word = `(+ ${bytes.map((byte) => `(* ${256n ** BigInt(byte)} b${byte})`).join(' ')})`
  const product = [
    '(set-logic ALL)',
    ...bytes.map(
      (byte) => `(declare-const b${byte} Int)(assert (and (<= 0 b${byte}) (<= b${byte} 8)))`,
    ),
    `(assert (<= ${sum} 255))`,
    `(define-fun v () Int ${word})`,
    `(assert (not (= ${inNumbers(result)} ${sum})))`,
  ]
  const falls = bits.map((bit) => {
    const others = bits.map((other) => (other === bit ? '0' : `b${other}`)).join(' ')
    return `(and (= b${bit} 1) (not (= (+ ${others}) (- (+ ${bits.map((other) => `b${other}`).join(' ')}) 1))))`
  })
  const clear = (seats: number) => {
    const complement = ((1n << BigInt(seats)) - 1n) & ((1n << 256n) - 1n)
    return `(not (= (ones (bvnot (fresh ${constant(BigInt(seats))}))) ${constant(BigInt(seats))})) ; ${complement}`
  }
  const ones = `(define-fun ones ((w (_ BitVec 256))) (_ BitVec 256) ${wholeOf({ steps, result })})`
  const sizes = bits.slice(1).map((seats) => clear(seats).replace(/ ;.*/, ''))
  return [
    {
      name: 'bytes',
      says: 'each byte comes to hold how many of its bits were set',
      refuted: [...ANY, ...defined, `(assert (not (and ${lanes.join(' ')})))`].join('\n'),
    },
    {
      name: 'product',
      says: "the product's highest byte is the sum of the bytes",
      refuted: product.join('\n'),
    },
    {
      name: 'at most 255',
      says: 'no count is above 255',
      refuted: [...ANY, ones, `(assert (bvugt (ones w) ${constant(255n)}))`].join('\n'),
    },
    {
      name: 'one less',
      says: 'a sum of bits is one less where one of them is',
      refuted: [
        '(set-logic ALL)',
        ...bits.map((bit) => `(declare-const b${bit} Int)`),
        `(assert (or ${falls.join(' ')}))`,
      ].join('\n'),
    },
    {
      name: 'fresh count',
      says: 'max << n has n clear bits, counted',
      refuted: [...ANY, ones, `(assert (or ${sizes.join(' ')}))`].join('\n'),
    },
  ]
}

function about(name: string, says: string, holds: string): Lemma {
  return { name, says, refuted: [...ANY, `(assert (not ${holds}))`].join('\n') }
}

/** What each statement makes of the word, and what is returned, by the name of the step before. */
function statementsOf(counting: AstNode): { steps: string[]; result: AstNode } {
  const [parameter] = nodesAt(need(counting, 'parameters'), 'parameters')
  const name = parameter === undefined ? '' : wordAt(parameter, 'name')
  const [unchecked, more] = nodesAt(need(counting, 'body'), 'statements')
  if (unchecked?.nodeType !== 'UncheckedBlock' || more !== undefined)
    throw new Error('Bits are counted otherwise.')
  const statements = nodesAt(unchecked, 'statements')
  const steps = statements.slice(0, -1).map((statement, index) => {
    const assignment = need(statement, 'expression')
    const left = need(assignment, 'leftHandSide')
    if (assignment.nodeType !== 'Assignment' || wordAt(left, 'name') !== name)
      throw new Error('Bits are counted otherwise.')
    const before = index === 0 ? 'w' : `step${index - 1}`
    const right = inBits(need(assignment, 'rightHandSide'), { name, is: before })
    const operator = wordAt(assignment, 'operator').slice(0, -1)
    return operator === '' ? right : `(${known(operator)} ${before} ${right})`
  })
  const last = statements.at(-1)
  if (last?.nodeType !== 'Return') throw new Error('Bits are counted otherwise.')
  return { steps, result: need(last, 'expression') }
}

function wholeOf({ steps, result }: { steps: readonly string[]; result: AstNode }): string {
  const end = inBits(result, { name: 'word', is: `step${steps.length - 1}` })
  return steps.reduceRight((rest, step, index) => `(let ((step${index} ${step})) ${rest})`, end)
}

/** An expression of the ledger's, on words, with the operators of the EVM. */
function inBits(node: AstNode, word: { name: string; is: string }): string {
  switch (node.nodeType) {
    case 'Identifier':
      if (wordAt(node, 'name') !== word.name) break
      return word.is
    case 'Literal':
      return constant(BigInt(wordAt(node, 'value')))
    case 'TupleExpression':
      return inBits(only(node), word)
    case 'MemberAccess':
      if (wordAt(node, 'memberName') !== 'max') break
      return constant((1n << 256n) - 1n)
    case 'BinaryOperation': {
      const [left, right] = [need(node, 'leftExpression'), need(node, 'rightExpression')]
      return `(${known(wordAt(node, 'operator'))} ${inBits(left, word)} ${inBits(right, word)})`
    }
  }
  throw new Error(`The prover does not know this ${node.nodeType} where bits are counted.`)
}

/** The returned expression in whole numbers: `(v * constant) >> constant`, and nothing else. */
function inNumbers(node: AstNode): string {
  if (wordAt(node, 'operator') !== '>>') throw new Error('Bits are summed up otherwise.')
  const product = only(need(node, 'leftExpression'))
  if (wordAt(product, 'operator') !== '*') throw new Error('Bits are summed up otherwise.')
  const factor = valueOf(need(product, 'rightExpression'))
  const by = valueOf(need(node, 'rightExpression'))
  return `(div (mod (* ${factor} v) ${1n << 256n}) ${1n << by})`
}

function valueOf(node: AstNode): bigint {
  switch (node.nodeType) {
    case 'Literal':
      return BigInt(wordAt(node, 'value'))
    case 'TupleExpression':
      return valueOf(only(node))
    case 'MemberAccess':
      return (1n << 256n) - 1n
    case 'BinaryOperation':
      if (wordAt(node, 'operator') !== '/') break
      return valueOf(need(node, 'leftExpression')) / valueOf(need(node, 'rightExpression'))
  }
  throw new Error('Bits are summed up otherwise.')
}

function only(node: AstNode): AstNode {
  const [inner, other] = nodesAt(node, 'components')
  if (inner === undefined || other !== undefined) throw new Error('A tuple where a word was due.')
  return inner
}

function need(node: AstNode, name: string): AstNode {
  const found = nodeAt(node, name)
  if (found === undefined) throw new Error(`A ${node.nodeType} without ${name}.`)
  return found
}

function known(operator: string): string {
  const found = OPERATORS[operator]
  if (found === undefined) throw new Error(`The prover does not know ${operator} on words.`)
  return found
}

function constant(value: bigint): string {
  return `(_ bv${value} ${WIDTH})`
}
