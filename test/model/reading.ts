// What the chain answers, as the facts that the model speaks of.
import type { Interface, LogDescription, ParamType, Result } from 'ethers'

import type { Call } from './calls.ts'
import { roleId } from './encode.ts'
import type { Fault, Happening, Value } from './outcome.ts'
import { ADMIN, GUARDIAN, MANAGER } from './roles.ts'

/** A log as a node gives it. */
export type Log = {
  topics: string[]
  data: string
  blockTimestamp: string
}

const roleNames = new Map([ADMIN, MANAGER, GUARDIAN].map((role) => [roleId(role), role]))

/** The error in these bytes. */
export function faultIn({ abi, bytes }: { abi: Interface; bytes: string }): Fault {
  const error = abi.parseError(bytes)
  if (error === null) return { error: `no error of the book: ${bytes}`, args: [] }
  const args = valuesIn({ abi, types: error.fragment.inputs, result: error.args })
  return { error: error.name, args }
}

/** The event in this log. */
export function happeningIn({ abi, log }: { abi: Interface; log: Log }): Happening {
  const event: LogDescription | null = abi.parseLog(log)
  if (event === null) return { event: `no event of the book: ${log.topics.join(' ')}`, args: [] }
  const args = valuesIn({ abi, types: event.fragment.inputs, result: event.args })
  return { event: event.name, args }
}

/** What the call returned. */
export function returnsIn({
  abi,
  call,
  bytes,
}: {
  abi: Interface
  call: Call
  bytes: string
}): Value[] {
  if (call.to !== 'multicall') return answersIn({ abi, name: call.to, bytes })
  const each: string[] = [...abi.decodeFunctionResult('multicall', bytes)[0]]
  return [each.map((one, i) => returnsIn({ abi, call: call.calls[i]!, bytes: one }))]
}

/** What the function of that name answered. */
export function answersIn({
  abi,
  name,
  bytes,
}: {
  abi: Interface
  name: string
  bytes: string
}): Value[] {
  const { outputs } = abi.getFunction(name)!
  return valuesIn({ abi, types: outputs, result: abi.decodeFunctionResult(name, bytes) })
}

function valuesIn({
  abi,
  types,
  result,
}: {
  abi: Interface
  types: readonly ParamType[]
  result: Result
}): Value[] {
  return types.map((type, i) => valueIn({ abi, type, value: result[i] }))
}

function valueIn({ abi, type, value }: { abi: Interface; type: ParamType; value: unknown }): Value {
  if (type.isArray()) {
    const list: unknown[] = [...(value as Result)] // ethers types no result's members
    return list.map((one) => valueIn({ abi, type: type.arrayChildren, value: one }))
  }
  if (type.isTuple()) return valuesIn({ abi, types: type.components, result: value as Result })
  if (typeof value === 'bigint' || typeof value === 'number') return BigInt(value)
  if (typeof value !== 'string') return String(value)
  if (type.type === 'string') return value
  if (type.type === 'bytes') return value === '0x' ? '' : faultIn({ abi, bytes: value })
  const isRole = type.name === 'role' || type.name === 'neededRole'
  return (isRole ? roleNames.get(value) : undefined) ?? value.toLowerCase()
}
