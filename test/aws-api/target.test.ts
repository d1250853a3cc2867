/** What authorisation is asked about is what the store has, and what it has when the work is done. */
import { describe, expect, it } from 'vitest'
import { TargetChanged } from '../../src/aws-api/operation.ts'
import { anything, call, createWorld, errorOf } from './world.ts'

describe('authorisation', () => {
  it('is asked about every resource of a target, and again when the target has changed since', async () => {
    let changes = 0
    const world = createWorld({
      iam: {
        GetUser: {
          target: async () => ({ found: changes, resources: [`user/${changes}`, 'user/target'] }),
          async handle(_input, _call, found) {
            if (changes++ < 2) throw new TargetChanged()
            return { User: { UserName: `found ${found}`, Path: '/', UserId: 'x', Arn: 'x', CreateDate: 0 } }
          },
        },
      },
    })
    const { body } = await world.dispatch(call({ Action: 'GetUser' }))
    expect(body).toContain('<UserName>found 2</UserName>')
    const asked = ['user/0', 'user/target', 'user/1', 'user/target', 'user/2', 'user/target']
    expect(world.asked.map(({ resource }) => resource)).toEqual(asked)
  })

  it('gives up a target that changes again and again: nothing is done, and the refusal is recorded', async () => {
    let runs = 0
    const world = createWorld({
      iam: {
        CreateUser: {
          target: anything,
          handle: async (_input, { tx }) => {
            runs++
            tx.users.set('half', { path: '/' })
            throw new TargetChanged()
          },
        },
      },
    })
    const response = await world.dispatch(call({ Action: 'CreateUser', UserName: 'bob' }))
    expect(errorOf(response)).toMatchObject({ status: 409, code: 'ConcurrentModification' })
    expect(runs).toBe(3)
    expect(world.tx.users.size).toBe(0)
    expect(world.tx.events).toMatchObject([{ errorCode: 'ConcurrentModificationException' }])
  })
})
