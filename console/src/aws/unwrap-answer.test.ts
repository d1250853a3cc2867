import { describe, expect, it } from 'vitest'
import { unwrapAnswer } from './unwrap-answer.ts'

const metadata = { RequestId: 'b5a8ffb2-0000-0000-0000-000000000000' }

describe('an answer of the query protocol as JSON', () => {
  it('gives the result of the operation that was asked', () => {
    const body = { GetUserResponse: { GetUserResult: { User: { UserId: '1' } }, ResponseMetadata: metadata } }
    expect(unwrapAnswer('GetUser', 200, body)).toEqual({ ok: true, value: { User: { UserId: '1' } } })
  })

  it('gives an empty result where the operation has none', () => {
    const body = { EnableMFADeviceResponse: { ResponseMetadata: metadata } }
    expect(unwrapAnswer('EnableMFADevice', 200, body)).toEqual({ ok: true, value: {} })
  })

  it('keeps the code and the exact message of an error', () => {
    const message = 'Authentication code for device is not valid. The two codes are the same.'
    const body = {
      Error: { Type: 'Sender', Code: 'InvalidAuthenticationCode', Message: message },
      RequestId: metadata.RequestId,
    }
    expect(unwrapAnswer('EnableMFADevice', 403, body)).toMatchObject({
      ok: false,
      refusal: { status: 403, code: 'InvalidAuthenticationCode', message },
    })
  })

  it.each([
    ['another operation', 200, { ListUsersResponse: { ListUsersResult: {} } }],
    ['nothing readable', 200, undefined],
    ['a page of a proxy', 502, 'Bad gateway'],
    ['an error without text', 500, { Error: {} }],
    ['an array', 200, []],
  ])('%s is a refusal and never a result', (_what, status, body) => {
    expect(unwrapAnswer('GetUser', status, body)).toMatchObject({
      ok: false,
      refusal: { status, code: 'UnexpectedAnswer' },
    })
  })
})
