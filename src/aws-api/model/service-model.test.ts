import { describe, expect, it } from 'vitest'
import { renderCompatibility } from './render-compatibility.ts'
import { iamModel, stsModel } from './service-model.ts'

describe.each([iamModel(), stsModel()])('the model of $service', (model) => {
  it('names only shapes that it has', () => {
    const named = [
      ...Object.values(model.operations).flatMap(({ input, output }) => [input, output]),
      ...Object.values(model.shapes).flatMap(({ members, member, key, value }) => [
        ...Object.values(members ?? {}),
        member,
        key,
        value,
      ]),
    ]
    expect(named.filter((name) => name !== undefined && model.shapes[name] === undefined)).toEqual([])
    const errors = Object.values(model.operations).flatMap((operation) => operation.errors)
    expect(errors.filter((name) => model.errors[name] === undefined)).toEqual([])
  })

  it('is left only where it has something to leave', () => {
    const { deviations, operations, shapes } = model
    const namedOperations = [
      ...Object.keys(deviations.optionalForConsole),
      ...deviations.recordsRootAsUserName,
      ...deviations.readOnly,
      ...deviations.readOnlyButWriting,
    ]
    expect(namedOperations.filter((name) => operations[name] === undefined)).toEqual([])
    expect(deviations.neverRecorded.filter((name) => shapes[name] === undefined)).toEqual([])
    for (const [name, members] of Object.entries(deviations.leftOutAtTimes))
      expect(shapes[name]?.required).toEqual(expect.arrayContaining([...members]))
    for (const [name, members] of Object.entries(deviations.optionalForConsole))
      expect(shapes[operations[name]?.input ?? '']?.required).toEqual(expect.arrayContaining([...members]))
  })
})

describe('aws-behaviour §1.1', () => {
  it.each([
    ['NoSuchEntityException', 'NoSuchEntity', 404],
    ['InvalidAuthenticationCodeException', 'InvalidAuthenticationCode', 403],
    ['EntityTemporarilyUnmodifiableException', 'EntityTemporarilyUnmodifiable', 409],
    ['ServiceFailureException', 'ServiceFailure', 500],
    ['OrganizationNotFoundException', 'OrganizationNotFoundException', 400],
  ])('%s is %s %d on the wire', (shape, code, status) => {
    expect(iamModel().errors[shape]).toEqual([code, status])
  })

  it('names and namespaces', () => {
    expect(iamModel()).toMatchObject({
      apiVersion: '2010-05-08',
      xmlNamespace: 'https://iam.amazonaws.com/doc/2010-05-08/',
    })
    expect(stsModel()).toMatchObject({ apiVersion: '2011-06-15', signingName: 'sts' })
  })
})

describe('docs/compatibility.md', () => {
  it('lists what is registered, and everything else as not implemented', () => {
    const text = renderCompatibility([stsModel()], { sts: ['GetSessionToken', 'GetCallerIdentity'] })
    expect(text).toContain('| AWS Security Token Service | 2011-06-15 | 2 | 11 |')
    expect(text).toContain(
      '### Implemented\n\n- GetCallerIdentity\n- GetSessionToken\n\n### Not implemented\n\n- AssumeRole\n',
    )
  })

  it('refuses a name that the model does not have', () => {
    expect(() => renderCompatibility([stsModel()], { sts: ['Nothing'] })).toThrow('got the operation Nothing')
  })
})
