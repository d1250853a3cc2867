import { describe, expect, it } from 'vitest'
import { AwsError } from '../errors.ts'
import { iamModel, type ServiceModel, stsModel } from '../model/service-model.ts'
import { parseFields } from './fields.ts'
import { buildInputReader } from './read-input.ts'

const read = (shape: string, body: string, model: ServiceModel = iamModel()): object => ({
  ...buildInputReader(model, shape)(parseFields('', Buffer.from(body))),
})
const refusal = (shape: string, body: string): string => {
  try {
    read(shape, body)
  } catch (error) {
    if (error instanceof AwsError) return `${error.code}: ${error.message}`
    throw error
  }
  return 'none'
}

describe('an input', () => {
  it('has what its shape names, and ignores the rest', () => {
    expect(read('CreateUserRequest', 'UserName=ada&Path=/x/&Nothing=1&__proto__=1&toString=2&X.member.7=1')).toEqual({
      UserName: 'ada',
      Path: '/x/',
    })
  })

  it('has no member that its call has not, not even one of Object', () => {
    const input = buildInputReader(iamModel(), 'CreateUserRequest')(parseFields('', Buffer.from('A=1')))
    expect(Object.getPrototypeOf(input)).toBeNull()
    expect(Object.keys(input)).toEqual([])
  })

  it('has names in their exact case', () => {
    expect(read('CreateUserRequest', 'username=ada')).toEqual({})
  })

  it('has lists of structures', () => {
    const tags = 'Tags.member.2.Key=b&Tags.member.1.Key=a&Tags.member.1.Value=1&Tags.member.2.Value='
    expect(read('CreateUserRequest', tags)).toEqual({
      Tags: [
        { Key: 'a', Value: '1' },
        { Key: 'b', Value: '' },
      ],
    })
    expect(read('CreateUserRequest', 'Tags=')).toEqual({ Tags: [] })
  })

  it('has nested structures, numbers and booleans', () => {
    expect(read('AssumeRootRequest', 'TaskPolicyArn.arn=x&DurationSeconds=900', stsModel())).toEqual({
      TaskPolicyArn: { arn: 'x' },
      DurationSeconds: 900,
    })
    expect(read('CreateLoginProfileRequest', 'PasswordResetRequired=true')).toEqual({ PasswordResetRequired: true })
    expect(read('ListUsersRequest', 'MaxItems=7')).toEqual({ MaxItems: 7 })
  })

  const gap = 'MalformedInput: The members of Tags must be numbered from 1 without a gap.'
  const notList = 'MalformedInput: Tags must be a list: Tags.member.1, Tags.member.2 and so on.'
  it.each([
    ['Tags.member.999999999.Key=a', gap],
    ['Tags.member.0.Key=a', gap],
    ['Tags.member.-1.Key=a', gap],
    ['Tags.member.1e0.Key=a', gap],
    ['Tags.member.01.Key=a', gap],
    ['Tags.member.1.Key=a&Tags.member.3.Key=b', gap],
    ['Tags.member.length.Key=a', gap],
    ['Tags.member.__proto__.Key=a', gap],
    ['Tags=x', notList],
    ['Tags.1.Key=a', notList],
    ['Tags.member=a', notList],
    ['Tags.member.1.Key=a&Tags.other=b', notList],
    ['Tags.member.1=a', 'MalformedInput: Tags must be a structure.'],
    ['Tags.member.1.Key.x=a', 'MalformedInput: Key must be a value.'],
    ['UserName.x=a', 'MalformedInput: UserName must be a value.'],
    [
      Array.from({ length: 1001 }, (_, index) => `Tags.member.${index + 1}.Key=a`).join('&'),
      'MalformedInput: Tags has more than 1000 members.',
    ],
  ])('of a form that can be read in two ways is refused: %s', (body, expected) => {
    expect(refusal('CreateUserRequest', body)).toBe(expected)
  })

  it.each(['x', '', '1.5', '1e3', '0x10', ' 1', '99999999999', '2147483648', '１'])(
    'MaxItems=%s is no number',
    (text) => {
      expect(refusal('ListUsersRequest', `MaxItems=${encodeURIComponent(text)}`)).toBe(
        'MalformedInput: MaxItems must be a whole number.',
      )
    },
  )

  it.each<[text: string, value: number]>([
    ['+1', 1],
    ['01', 1],
    ['+0012', 12],
    ['-3', -3],
    ['0'.repeat(40), 0],
    ['2147483647', 2_147_483_647],
    ['-2147483648', -2_147_483_648],
  ])('MaxItems=%s is a number', (text, value) => {
    expect(read('ListUsersRequest', `MaxItems=${encodeURIComponent(text)}`)).toEqual({ MaxItems: value })
  })

  it.each([
    ['1', true],
    ['0', false],
    ['true', true],
    ['false', false],
  ])('PasswordResetRequired=%s is %s', (text, value) => {
    expect(read('CreateLoginProfileRequest', `PasswordResetRequired=${text}`)).toEqual({ PasswordResetRequired: value })
  })

  it.each(['True', '2', '01', '', 'yes'])('PasswordResetRequired=%s is no boolean', (text) => {
    expect(refusal('CreateLoginProfileRequest', `PasswordResetRequired=${text}`)).toBe(
      'MalformedInput: PasswordResetRequired must be true or false.',
    )
  })

  it('can be read for every operation of both services', () => {
    for (const model of [iamModel(), stsModel()])
      for (const { input } of Object.values(model.operations))
        if (input !== undefined) expect(read(input, 'Nothing=1', model)).toEqual({})
  })
})
