import { couponBookAbi } from '@coupon-secure/protocol/abi'
import { expect } from 'chai'
import {
  ContractFunctionExecutionError,
  ContractFunctionRevertedError,
  encodeErrorResult,
  HttpRequestError,
  UserRejectedRequestError,
} from 'viem'
import { explainRevert } from './explain-revert.ts'

const used = encodeErrorResult({
  abi: couponBookAbi,
  errorName: 'CouponAlreadyRedeemed',
  args: [1n, 7n],
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
    expect(explainRevert({ data }).sentence).to.equal(
      'That would be 300 coupons; the supply has 12 left.',
    )
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
