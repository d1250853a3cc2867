/** What nobody expected: the caller learns a request id, the operator the rest, and nothing gets through. */
import { describe, expect, it } from 'vitest'
import { StorageUnavailable } from '../../src/core/errors.ts'
import { createUser, getUser, withUsers } from './user-handlers.ts'
import { anything, call, createWorld, errorOf } from './world.ts'

describe('an unknown failure', () => {
  const failing = (message: string) =>
    createWorld({
      iam: {
        CreateUser: { ...createUser, handle: () => Promise.reject(new Error(message)) },
        GetUser: {
          ...getUser,
          target: () => Promise.reject(new Error(message)),
        },
        GetAccessKeyLastUsed: { target: anything, handle: () => Promise.reject(new Error(message)) },
      },
    })
  const text = 'The request processing has failed because of an unknown error, exception or failure.'

  it.each([
    [{ Action: 'CreateUser', UserName: 'bob' }, 'ServiceFailure'],
    [{ Action: 'GetUser' }, 'ServiceFailure'],
    [{ Action: 'GetAccessKeyLastUsed', AccessKeyId: 'AKIAIOSFODNN7EXAMPLE' }, 'InternalFailure'],
  ])('in %j is %s and says nothing more; the log has the rest', async (parameters, code) => {
    const world = failing('SQL near secret_table')
    const response = await world.dispatch(call(parameters))
    expect(errorOf(response)).toEqual({ status: 500, code, message: text })
    expect(response.body).not.toContain('secret_table')
    expect(world.tx.events[0]?.errorMessage).toBe(text)
    expect(world.log).toMatchObject([{ level: 'error', fields: { error: expect.stringContaining('secret_table') } }])
    expect(world.log[0]?.fields['requestId']).toBe(response.headers['x-amzn-requestid'])
  })

  it('is also a code that the operation does not declare', async () => {
    const world = createWorld({
      iam: {
        GetUser: { ...getUser, handle: async (_, { refuse }) => refuse('DeleteConflict' as 'NoSuchEntity', 'x') },
      },
    })
    expect(errorOf(await world.dispatch(call({ Action: 'GetUser' })))).toMatchObject({
      status: 500,
      code: 'ServiceFailure',
    })
  })

  it('of authorisation does not let the call through', async () => {
    const world = withUsers()
    world.asked.push = () => {
      throw new Error('cannot decide')
    }
    expect(errorOf(await world.dispatch(call({ Action: 'CreateUser', UserName: 'bob' })))).toMatchObject({
      status: 500,
    })
    expect(world.tx.users.size).toBe(0)
  })

  it('to record a refusal keeps it from being answered', async () => {
    const world = withUsers()
    world.broken = new StorageUnavailable('locked')
    expect(errorOf(await world.dispatch(call({ Action: 'GetUser', UserName: 'bob' })))).toMatchObject({ status: 503 })
  })

  it('to serialize what was done undoes it', async () => {
    const world = withUsers({
      CreateUser: {
        ...createUser,
        async handle(input, call) {
          const output = await createUser.handle(input, call, undefined)
          return { User: { ...output.User, CreateDate: Number.NaN } as NonNullable<typeof output.User> }
        },
      },
    })
    expect(errorOf(await world.dispatch(call({ Action: 'CreateUser', UserName: 'bob' })))).toMatchObject({
      status: 500,
    })
    expect(world.tx.users.size).toBe(0)
    expect(world.tx.events).toMatchObject([{ eventName: 'CreateUser', errorCode: 'ServiceFailureException' }])
  })
})
