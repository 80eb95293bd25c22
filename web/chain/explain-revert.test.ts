import { couponBookAbi, couponBookFactoryAbi } from '@coupon-secure/protocol/abi'
import { expect } from 'chai'
import {
  type Abi,
  ContractFunctionExecutionError,
  ContractFunctionRevertedError,
  encodeErrorResult,
  HttpRequestError,
  UserRejectedRequestError,
} from 'viem'
import { explainErrorData, explainRevert } from './explain-revert.ts'

const used = encodeErrorResult({
  abi: couponBookAbi,
  errorName: 'CouponAlreadyRedeemed',
  args: [1n, 7n],
})

const WITNESS = {
  key: '0x825cc5DcC5CB41028e011331F073b5F02C2e3CcA',
  classes: 1,
  site: 0,
  validFrom: 0n,
  validUntil: 1n,
}

describe('explainErrorData', () => {
  it('reads every error of the contracts into a sentence without gaps', () => {
    const abi: Abi = [...couponBookAbi, ...couponBookFactoryAbi]
    const errors = abi.filter((item) => item.type === 'error')
    expect(errors.length).to.be.greaterThan(60)
    for (const { name, inputs } of errors) {
      const data = encodeErrorResult({
        abi: [{ type: 'error', name, inputs }],
        errorName: name,
        args: inputs.map(({ type }) => exampleOf(type)),
      })
      const { code, sentence } = explainErrorData(data)
      expect(code).to.equal(name)
      expect(sentence, name).to.match(/^([A-Z]|\d|0x)[^{}]*\.$/)
      expect(sentence, name).not.to.match(/undefined|NaN|Invalid Date|The contract refused:/)
    }
  })

  it('says so where the reason is none of ours, and passes on what the compiler itself says', () => {
    for (const data of ['0x', '0xdeadbeef', '0x1234'] as const) {
      expect(explainErrorData(data).code).to.equal('ERROR_UNKNOWN')
    }
    const data = encodeErrorResult({
      abi: [{ type: 'error', name: 'Error', inputs: [{ type: 'string', name: '' }] }],
      errorName: 'Error',
      args: ['ABI decoding: tuple data too short'],
    })
    expect(explainErrorData(data).sentence).to.equal(
      'The contract refused: ABI decoding: tuple data too short.',
    )
  })
})

describe('explainRevert', () => {
  it('reads a revert as viem wraps it', () => {
    const cause = new ContractFunctionRevertedError({
      abi: couponBookAbi,
      data: used,
      functionName: 'redeem',
    })
    const error = new ContractFunctionExecutionError(cause, {
      abi: couponBookAbi,
      functionName: 'campaignCount', // without arguments, to keep the wrapping short
    })
    expect(explainRevert(error)).to.deep.equal({
      code: 'CouponAlreadyRedeemed',
      sentence: 'This coupon has already been used.',
      facts: {},
    })
  })

  it('reads a revert as ethers, wallets and plain nodes carry it', () => {
    for (const error of [
      { code: 'CALL_EXCEPTION', data: used },
      {
        code: 'UNKNOWN_ERROR',
        info: { error: { code: -32603, data: { originalError: { data: used } } } },
      },
      { error: { data: used } },
      Object.assign(new Error('execution reverted'), { data: used }),
    ]) {
      expect(explainRevert(error).code).to.equal('CouponAlreadyRedeemed')
    }
  })

  it('fills in the facts', () => {
    const data = encodeErrorResult({
      abi: couponBookAbi,
      errorName: 'SupplyExceeded',
      args: [300n, 12n],
    })
    expect(explainRevert({ data })).to.deep.equal({
      code: 'SupplyExceeded',
      sentence: 'That would be 300 coupons; the supply has 12 left.',
      facts: { 0: '300', 1: '12' },
    })
  })

  it('keeps a time as one, for who says it in another language', () => {
    const data = encodeErrorResult({
      abi: couponBookAbi,
      errorName: 'RedeemExpired',
      args: [1_800_000_000n, 1_800_000_060n],
    })
    expect(explainRevert({ data }).facts).to.deep.equal({ 0: new Date(1_800_000_000_000) })
  })

  it('tells a refusal in the wallet, a wrong network, no money and an outage apart', () => {
    expect(explainRevert(new UserRejectedRequestError(new Error('no'))).code).to.equal(
      'SIGNATURE_REJECTED',
    )
    expect(explainRevert({ code: 'ACTION_REJECTED' }).code).to.equal('SIGNATURE_REJECTED')
    expect(explainRevert({ code: 4902 }).code).to.equal('WRONG_NETWORK')
    expect(explainRevert({ code: 'INSUFFICIENT_FUNDS' }).code).to.equal('INSUFFICIENT_FUNDS')
    expect(explainRevert(new HttpRequestError({ url: 'http://x' })).code).to.equal('CHAIN_AWAY')
    expect(explainRevert(new TypeError('Failed to fetch')).code).to.equal('CHAIN_AWAY')
  })

  it('has a sentence for what nobody foresaw', () => {
    for (const error of [undefined, 'text', {}, new Error('odd')]) {
      expect(explainRevert(error).code).to.equal('UNEXPECTED')
      expect(explainRevert(error).sentence).not.to.equal('')
    }
  })

  it('does not hang on an error that contains itself', () => {
    const error: { cause?: unknown } = {}
    error.cause = error
    expect(explainRevert(error).code).to.equal('UNEXPECTED')
  })
})

function exampleOf(type: string): unknown {
  if (type.startsWith('uint')) return Number(type.slice(4)) <= 48 ? 7 : 7n
  if (type === 'address') return '0x825cc5DcC5CB41028e011331F073b5F02C2e3CcA'
  if (type.startsWith('bytes')) return `0x${'5a'.repeat(Number(type.slice(5)))}`
  if (type === 'string') return 'text'
  if (type === 'tuple') return WITNESS
  throw new Error(`There is no example of ${type}.`)
}
