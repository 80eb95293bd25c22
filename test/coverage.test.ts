// `npm run coverage` counts what it says it counts: each of these functions is called until nothing is left to see.
import { expect } from 'chai'
import { ContractFactory } from 'ethers'
import { network } from 'hardhat'

import { instrument } from '../scripts/coverage-instrument.ts'
import { watch } from '../scripts/coverage-watch.ts'
import { type Compiler, openCompiler, type Project } from '../scripts/mutate-compiler.ts'

const ABI = ['function f(uint256 a) returns (uint256)']

type Case = {
  name: string
  /** The body of `f(uint256 a)`, which returns `b`. */
  body: string
  /** What `f` is given, and what is not yet seen after that. */
  calls: readonly (readonly [given: number, unseen: readonly string[]])[]
}

const cases: readonly Case[] = [
  {
    name: 'an if without braces, and its else',
    body: 'if (a > 1) b = 1;\nelse b = 2;',
    calls: [
      [0, ['1 never run', '1 never true: a > 1']],
      [2, []],
    ],
  },
  {
    name: 'an if that ends the call',
    body: 'if (a == 1)\nrevert();\nb = 2;',
    calls: [
      [1, ['1 never false: a == 1', '3 never run']],
      [0, []],
    ],
  },
  {
    name: 'a choice',
    body: 'b = a > 1 ? 1 : 2;',
    calls: [
      [2, ['1 never false: a > 1']],
      [0, []],
    ],
  },
  {
    name: 'each part of an and, in an or',
    body: 'bool c = (a > 1 && a < 5) || a == 9;\nif (c) b = 1;',
    calls: [
      [
        2,
        [
          '1 never false: a > 1',
          '1 never false: a < 5',
          '1 never false: a == 9',
          '1 never true: a == 9',
          '2 never false: c',
        ],
      ],
      [6, ['1 never false: a > 1', '1 never true: a == 9']],
      [9, ['1 never false: a > 1']],
      [0, []],
    ],
  },
  {
    name: 'a requirement',
    body: 'require(a > 1);\nb = 1;',
    calls: [
      [0, ['1 never true: a > 1', '2 never run']],
      [2, []],
    ],
  },
  {
    name: 'a loop',
    body: 'for (uint256 i = 0; i < a; ++i) {\nif (i == 1)\nbreak;\nb += i;\n}',
    calls: [
      [
        0,
        [
          '1 never entered by: i < a',
          '2 never run',
          '3 never run',
          '2 never false: i == 1',
          '2 never true: i == 1',
          '4 never run',
        ],
      ],
      [1, ['2 never true: i == 1', '3 never run']],
      [2, []],
    ],
  },
  {
    name: 'a while',
    body: 'while (a > 1) a /= 2;',
    calls: [
      [0, ['1 never run', '1 never entered by: a > 1']],
      [4, []],
    ],
  },
  {
    name: 'a modifier',
    body: 'b = g(a);\n}\nmodifier odd(uint256 a) {\nif (a % 2 == 0) revert();\n_;\n}\nfunction g(uint256 a) private odd(a) returns (uint256) {\nreturn a;',
    calls: [
      [1, ['4 never run', '4 never true: a % 2 == 0', '7 never refused: odd(a)']],
      [2, []],
    ],
  },
  {
    name: 'a modifier that lets nobody pass',
    body: 'b = g(a);\n}\nmodifier odd(uint256 a) {\nif (a % 2 == 0) revert();\n_;\n}\nfunction g(uint256 a) private odd(a) returns (uint256) {\nreturn a;',
    calls: [
      [2, ['4 never false: a % 2 == 0', '5 never run', '7 never passed: odd(a)', '8 never run']],
    ],
  },
  {
    name: 'assembly with an if',
    body: 'assembly {\nif gt(a, 1) {\nb := 1\n}\n}',
    calls: [
      [0, ['2 never true: gt(a, 1)', '3 never run']],
      [2, []],
    ],
  },
  {
    name: 'assembly with a loop that can be left',
    body: 'assembly {\nfor { let i := 0 } lt(i, a) {\ni := add(i, 1)\n} {\nif eq(i, 2) {\nbreak\n}\nb := add(b, i)\n}\n}',
    calls: [
      [
        0,
        [
          '2 never entered by: lt(i, a)',
          '3 never run',
          '5 never run',
          '5 never false: eq(i, 2)',
          '5 never true: eq(i, 2)',
          '6 never run',
          '8 never run',
        ],
      ],
      [3, []],
    ],
  },
  {
    name: 'assembly with a switch that may fall through',
    body: 'assembly {\nswitch a\ncase 0 { b := 1 }\ncase 1 {\nb := 2\n}\n}',
    calls: [
      [0, ['2 never default', '4 never case 1', '5 never run']],
      [1, ['2 never default']],
      [2, []],
    ],
  },
  {
    name: 'assembly that ends the call',
    body: 'if (a > 1) return 1;\nassembly {\nrevert(0, 0)\n}',
    calls: [
      [2, ['1 never false: a > 1', '2 never run', '3 never run']],
      [0, []],
    ],
  },
]

describe('coverage', () => {
  let compiler: Compiler

  before(() => {
    compiler = openCompiler()
  })

  for (const { name, body, calls } of cases) {
    it(`counts ${name}`, async () => {
      const { points, bytecode } = compiled({ compiler, body })
      const { seen, stop } = watch(points)
      try {
        const { ethers } = await network.create()
        const [sender] = await ethers.getSigners()
        const contract = await new ContractFactory(ABI, bytecode, sender).deploy()
        for (const [given, unseen] of calls) {
          await contract
            .getFunction('f')
            .staticCall(given)
            .catch(() => undefined) // reverts are seen too
          const missing = points
            .filter((point) => !seen.has(point))
            .map(({ line, outcome }) => `${line - BEFORE} ${outcome}`)
          expect(missing, `after f(${given})`).to.have.members(unseen)
        }
      } finally {
        stop()
      }
    })
  }

  it('refuses what it cannot count', () => {
    const open = (body: string) => () => compiled({ compiler, body })
    expect(open('assembly { function g() {} }')).to.throw('functions inside assembly')
    expect(open('assembly { if a { revert(0, 0) } }')).to.throw('branches and ends the call')
    expect(open('try this.f(1) returns (uint256) {} catch {}')).to.throw('try and catch')
  })
})

const HEAD = `pragma solidity 0.8.37;
contract Counted {
function f(uint256 a) external returns (uint256 b) {
`
const BEFORE = HEAD.split('\n').length - 1

function compiled({ compiler, body }: { compiler: Compiler; body: string }) {
  const file = 'contracts/Counted.sol'
  const plain: Project = {
    sources: { [file]: `${HEAD}${body}\n}\n}\n` },
    targets: [file],
    outputs: [file],
  }
  const { project, points } = instrument({ project: plain, trees: compiler.treesOf(plain) })
  const result = compiler.compile({ project, settings: { name: 'plain', solc: {} } })
  if (!result.isCompiled) throw new Error(JSON.stringify(result.faults))
  const { bytecode = '' } = result.codes[`${file}:Counted`] ?? {}
  return { points, bytecode }
}
