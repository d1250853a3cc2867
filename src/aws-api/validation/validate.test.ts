import { describe, expect, it } from 'vitest'
import { AwsError } from '../errors.ts'
import { iamModel, type ServiceModel, stsModel } from '../model/service-model.ts'
import { compilePattern } from './pattern.ts'
import { buildCheckInput } from './validate.ts'

const refusal = (shape: string, input: object, model: ServiceModel = iamModel()): AwsError | undefined => {
  try {
    buildCheckInput(model, shape)(input)
  } catch (error) {
    if (error instanceof AwsError) return error
    throw error
  }
  return undefined
}
const messageOf = (shape: string, input: object, model: ServiceModel = iamModel()): string | undefined =>
  refusal(shape, input, model)?.message

describe("AWS's ValidationError", () => {
  it('is 400', () => {
    expect(refusal('CreateUserRequest', {})).toMatchObject({ code: 'ValidationError', status: 400 })
  })

  it('names what is missing', () => {
    expect(messageOf('CreateUserRequest', {})).toBe(
      "1 validation error detected: Value at 'userName' failed to satisfy constraint: Member must not be null",
    )
  })

  it('aws-behaviour §3.3: a session name with a colon', () => {
    expect(
      messageOf(
        'AssumeRoleRequest',
        { RoleArn: 'arn:aws:iam::123456789012:role/r', RoleSessionName: 'Session1:2' },
        stsModel(),
      ),
    ).toBe(
      "1 validation error detected: Value 'Session1:2' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*",
    )
  })

  it('aws-behaviour §3.2: both things that are wrong with a token code, length first', () => {
    expect(messageOf('GetSessionTokenRequest', { TokenCode: 'ccccccbcgujh' }, stsModel())).toBe(
      "2 validation errors detected: Value 'ccccccbcgujh' at 'tokenCode' failed to satisfy constraint: Member must have length less than or equal to 6; Value 'ccccccbcgujh' at 'tokenCode' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\d]*",
    )
  })

  it('repeats a code to the caller and never to the record', () => {
    const error = refusal('GetSessionTokenRequest', { TokenCode: '12345' }, stsModel())
    expect(error?.message).toContain("Value '12345' at 'tokenCode'")
    expect(error?.recordedMessage).toBe(
      "1 validation error detected: Value at 'tokenCode' failed to satisfy constraint: Member must have length greater than or equal to 6",
    )
  })

  it('repeats a password to nobody', () => {
    const error = refusal('ChangePasswordRequest', { OldPassword: 'hunter2', NewPassword: 'x'.repeat(129) })
    expect(error?.message).toBe(
      "1 validation error detected: Value at 'newPassword' failed to satisfy constraint: Member must have length less than or equal to 128",
    )
    expect(error?.recordedMessage).toBe(error?.message)
  })

  it.each([
    [
      { MaxItems: 0 },
      "Value at 'maxItems' failed to satisfy constraint: Member must have value greater than or equal to 1",
    ],
    [
      { MaxItems: 1001 },
      "Value at 'maxItems' failed to satisfy constraint: Member must have value less than or equal to 1000",
    ],
  ])('of ListUsers %j', (input, expected) => {
    expect(messageOf('ListUsersRequest', input)).toMatch(/^1 validation error detected: /)
    expect(messageOf('ListUsersRequest', input)).toContain(expected)
  })

  it('says where a value is of no enumeration', () => {
    expect(messageOf('ListVirtualMFADevicesRequest', { AssignmentStatus: 'assigned' })).toBe(
      "1 validation error detected: Value at 'assignmentStatus' failed to satisfy constraint: Member must satisfy enum value set",
    )
  })

  it('names members of lists by their number', () => {
    const tags = [{ Key: 'a', Value: '' }, { Key: 'b!', Value: '' }, { Key: 'c' }]
    expect(messageOf('CreateUserRequest', { UserName: 'ada', Tags: tags })).toBe(
      "2 validation errors detected: Value at 'tags.2.member.key' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+; Value at 'tags.3.member.value' failed to satisfy constraint: Member must not be null",
    )
  })

  it.each<[shape: string, input: object, name: string, words: RegExp]>([
    ['CreateUserRequest', { UserName: 'a b' }, 'userName', /: \+=,\.@_-$/],
    ['CreateUserRequest', { UserName: 'a/'.repeat(40) }, 'userName', /: \+=,\.@_-$/],
    ['CreateUserRequest', { UserName: 'a', Path: 'x' }, 'path', /begin and end with \//],
    ['ListUsersRequest', { PathPrefix: '', MaxItems: 0 }, 'pathPrefix', /begin with the \/ character/],
  ])('of IAM has words of its own for %s %j, which stand alone', (shape, input, name, words) => {
    expect(messageOf(shape, input)).toMatch(/^The specified value for (\w+) is invalid\. It must [^;]+$/)
    expect(messageOf(shape, input)).toContain(`value for ${name} is`)
    expect(messageOf(shape, input)).toMatch(words)
  })

  it('prints a list that is too long, where the service says values', () => {
    const tags = Array.from({ length: 51 }, () => ({ Key: 'k', Value: 'v' }))
    const input = { RoleArn: 'arn:aws:iam::123456789012:role/R', RoleSessionName: 'ada', Tags: tags }
    expect(messageOf('AssumeRoleRequest', input, stsModel())).toMatch(
      /^1 validation error detected: Value '\[\(key=k, value=v\), .*\]' at 'tags' failed to satisfy constraint: Member must have length less than or equal to 50$/,
    )
  })

  it('leaves out what may be left out', () => {
    const check = buildCheckInput(iamModel(), 'EnableMFADeviceRequest', ['UserName'])
    const input = { SerialNumber: 'GAKT12345678', AuthenticationCode1: '123456', AuthenticationCode2: '123457' }
    expect(check(input)).toBeUndefined()
    expect(messageOf('EnableMFADeviceRequest', input)).toContain("Value at 'userName'")
  })

  it.each([
    ['CreateUserRequest', { UserName: 'a'.repeat(64) }, true],
    ['CreateUserRequest', { UserName: 'a'.repeat(65) }, false],
    ['CreateUserRequest', { UserName: 'ada\n' }, false],
    ['CreateUserRequest', { UserName: 'adä' }, false],
    ['CreateUserRequest', { UserName: 'ada', Path: '/a/b/' }, true],
    ['CreateUserRequest', { UserName: 'ada', Path: '/' }, true],
    ['CreateUserRequest', { UserName: 'ada', Path: 'a/' }, false],
    ['CreateUserRequest', { UserName: 'ada', Path: '/a' }, false],
    ['CreateUserRequest', { UserName: 'ada', Path: '/ä/' }, false],
    [
      'EnableMFADeviceRequest',
      { UserName: 'a', SerialNumber: 'GAKT12345678', AuthenticationCode1: '123456', AuthenticationCode2: '12345６' },
      false,
    ],
    ['TagMFADeviceRequest', { SerialNumber: 'GAKT12345678', Tags: [{ Key: 'Größe 漢字', Value: '1' }] }, true],
    ['TagMFADeviceRequest', { SerialNumber: 'GAKT12345678', Tags: [{ Key: '𠀀'.repeat(128), Value: '' }] }, true],
    ['TagMFADeviceRequest', { SerialNumber: 'GAKT12345678', Tags: [{ Key: '𠀀'.repeat(129), Value: '' }] }, false],
  ])('%s %j: %s', (shape, input, fine) => {
    expect(refusal(shape, input) === undefined).toBe(fine)
  })
})

describe('patterns', () => {
  it('all compile, and match the whole value only', () => {
    let count = 0
    for (const model of [iamModel(), stsModel()])
      for (const { pattern } of Object.values(model.shapes)) {
        if (pattern === undefined) continue
        count++
        expect(compilePattern(pattern).test('\u0000')).toBe(false)
      }
    expect(count).toBeGreaterThan(50)
  })

  it.each([
    ['[\\w+=,.@\\:\\/-]*', ['a:b/c-d', ''], ['a b', 'a\n']],
    ['a|b', ['a', 'b'], ['ab', 'xa', 'bx']],
    ['[\\u0020-\\u00FF]+', ['ÿ a'], ['Ā']],
    ['[\\p{L}]+', ['é漢𠀀'], ['1', '🔑']],
  ])('%s', (pattern, good, bad) => {
    const compiled = compilePattern(pattern)
    for (const text of good) expect(compiled.test(text)).toBe(true)
    for (const text of bad) expect(compiled.test(text)).toBe(false)
  })
})
