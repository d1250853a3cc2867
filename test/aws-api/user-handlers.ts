/** Two handlers that keep user names, for the tests of the pipeline. */
import { createWorld, type Handlers, startOfTime, type World } from './world.ts'

type IamHandlers = NonNullable<Handlers['iam']>

export const createUser: NonNullable<IamHandlers['CreateUser']> = {
  target: async ({ UserName, Path = '/' }) => ({
    found: undefined,
    resources: [`arn:aws:iam::123456789012:user${Path}${UserName}`],
  }),
  async handle({ UserName, Path = '/' }, { tx, now, refuse }) {
    if (tx.users.has(UserName)) refuse('EntityAlreadyExists', `User with name ${UserName} already exists.`)
    tx.users.set(UserName, { path: Path })
    const id = { UserId: 'AIDANEW', Arn: `arn:aws:iam::123456789012:user${Path}${UserName}` }
    return { User: { UserName, Path, ...id, CreateDate: now } }
  },
}
export const getUser: NonNullable<IamHandlers['GetUser']> = {
  target: async ({ UserName }) => ({ found: undefined, resources: [`user/${UserName}`] }),
  async handle({ UserName = 'ada' }, { tx, refuse }) {
    const found = tx.users.get(UserName)
    if (found === undefined) return refuse('NoSuchEntity', `The user with name ${UserName} cannot be found.`)
    return { User: { UserName, Path: found.path, UserId: 'AIDANEW', Arn: 'arn', CreateDate: startOfTime } }
  },
}
export const withUsers = (more: IamHandlers = {}): World =>
  createWorld({ iam: { CreateUser: createUser, GetUser: getUser, ...more } })
