/**
 * Changes that clients make while the server may die at any moment, and what must then be true of the store: each change
 * happened whole, with its one event, or not at all; what was acknowledged happened.
 */
import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  CreateVirtualMFADeviceCommand,
  DeleteAccessKeyCommand,
  DeleteUserCommand,
  EnableMFADeviceCommand,
  type IAMClient,
  UpdateAccessKeyCommand,
} from '@aws-sdk/client-iam'
import { type AuthenticatorApp, authenticatorApp } from '../support/authenticator-app.ts'
import { stepAt, stepMs } from './race-principal.ts'
import type { Dice } from './seeded-random.ts'

export interface Change {
  readonly operation: string
  readonly userName: string
  /** Unknown: the connection broke before an answer came. */
  outcome: 'acknowledged' | 'unknown'
  accessKeyId?: string
  serial?: string
  app?: AuthenticatorApp
  /** The step of the second code of an enrolment. */
  step?: number
}

export interface Workload {
  readonly changes: readonly Change[]
  acknowledged(): number
  /** Begins no new change, and waits for those in flight. Throws when a change was refused. */
  stop(): Promise<void>
}

/** Each client does one user's life after another; names begin with `prefix`. */
export function startChanges(iam: IAMClient, prefix: string, workers: number, dice: Dice): Workload {
  const changes: Change[] = []
  let acknowledged = 0
  let stopping = false

  /** Undefined: not known whether it happened, or nothing is begun any more. */
  async function make<T>(
    change: Pick<Change, 'operation' | 'userName'> & Partial<Change>,
    send: () => Promise<T>,
    note: (made: Change, answer: T) => void = () => {},
  ): Promise<T | undefined> {
    if (stopping) return undefined
    const made: Change = { ...change, outcome: 'unknown' }
    changes.push(made)
    try {
      const answer = await send()
      note(made, answer)
      made.outcome = 'acknowledged'
      acknowledged++
      return answer
    } catch (error) {
      // An answer that came was a refusal or a fault, and none is due here.
      const { code = '' } = error as NodeJS.ErrnoException
      if (!['ECONNRESET', 'ECONNREFUSED', 'EPIPE'].includes(code)) throw error
      stopping = true
      return undefined
    }
  }

  async function enrol(userName: string): Promise<void> {
    const name = { VirtualMFADeviceName: userName }
    const created = await make(
      { operation: 'CreateVirtualMFADevice', userName },
      () => iam.send(new CreateVirtualMFADeviceCommand(name)),
      (made, { VirtualMFADevice: device }) => {
        made.serial = device?.SerialNumber ?? ''
        made.app = authenticatorApp(Buffer.from(device?.Base32StringSeed ?? []).toString())
      },
    )
    const made = changes.find((change) => change.operation === 'CreateVirtualMFADevice' && change.userName === userName)
    if (created === undefined || made?.app === undefined || made.serial === undefined) return
    const { app, serial } = made
    const now = Date.now()
    const codes = { AuthenticationCode1: app.codeAt(now - stepMs), AuthenticationCode2: app.codeAt(now) }
    const input = { UserName: userName, SerialNumber: serial, ...codes }
    await make({ operation: 'EnableMFADevice', userName, serial, app, step: stepAt(now) }, () =>
      iam.send(new EnableMFADeviceCommand(input)),
    )
  }

  async function giveAndTakeKey(userName: string): Promise<void> {
    let accessKeyId = ''
    await make(
      { operation: 'CreateAccessKey', userName },
      () => iam.send(new CreateAccessKeyCommand({ UserName: userName })),
      (made, { AccessKey: key }) => {
        accessKeyId = key?.AccessKeyId ?? ''
        made.accessKeyId = accessKeyId
      },
    )
    if (dice() < 0.3) return
    const of = { UserName: userName, AccessKeyId: accessKeyId }
    await make({ operation: 'UpdateAccessKey', userName, accessKeyId }, () =>
      iam.send(new UpdateAccessKeyCommand({ ...of, Status: 'Inactive' })),
    )
    if (dice() < 0.3) return
    await make({ operation: 'DeleteAccessKey', userName, accessKeyId }, () => iam.send(new DeleteAccessKeyCommand(of)))
    await make({ operation: 'DeleteUser', userName }, () => iam.send(new DeleteUserCommand({ UserName: userName })))
  }

  async function work(worker: number): Promise<void> {
    for (let i = 0; !stopping; i++) {
      const userName = `${prefix}-${worker}-${i}`
      await make({ operation: 'CreateUser', userName }, () => iam.send(new CreateUserCommand({ UserName: userName })))
      await (dice() < 0.6 ? enrol(userName) : giveAndTakeKey(userName))
    }
  }

  const working = Array.from({ length: workers }, (_, worker) => work(worker))
  return {
    changes,
    acknowledged: () => acknowledged,
    stop: async () => {
      stopping = true
      await Promise.all(working)
    },
  }
}
