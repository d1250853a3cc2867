/**
 * The write that spends codes is as strict as the check before it: what another server has spent, or replaced, between the two is not
 * spent once more. Here the other server's write stands between them in so many words.
 */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { assignDevice, findDevice, type MfaDevice, redeemSteps } from '../../src/iam/mfa-devices/device-store.ts'
import { startTestServer, type TestServer } from '../support/test-server.ts'
import { type Attacked, attackedRoot, giveDevice } from './sign-in-attacks.ts'

let server: TestServer
let root: Attacked

beforeAll(async () => {
  server = await startTestServer()
  root = await attackedRoot(server)
})
afterAll(() => server.close())

let made = 0

/** A device as a request has read it, and what another one has made of it since. */
async function deviceWith(changes: object, assigned = true): Promise<MfaDevice> {
  const { reader } = server.store.storage
  const { serial } = await giveDevice(server, root, `device-${++made}`)
  const change = (to: object) => reader.updateTable('mfa_devices').set(to).where('serial', '=', serial).execute()
  await change({ last_step: 5, ...(assigned ? {} : { principal_id: null }) })
  const device = await findDevice(reader, root.accountId, serial)
  if (device === undefined) throw new Error(`the device ${serial} is not there`)
  await change({ last_step: 5, ...changes })
  return device
}

const one = { firstStep: 10, step: 10, drift: 0 }
const two = { firstStep: 10, step: 11, drift: 0 }

const writes = {
  'one code': (device: MfaDevice) => redeemSteps(server.store.storage.reader, device, one),
  'two codes': (device: MfaDevice) => redeemSteps(server.store.storage.reader, device, two),
  enabling: (device: MfaDevice) =>
    assignDevice(server.store.storage.reader, device, { ...two, principalId: root.principalId }, 0),
} as const

for (const [name, write] of Object.entries(writes)) {
  const assigned = name !== 'enabling'
  test.each([
    ['an older step', { last_step: 9 }, true],
    ['the first step', { last_step: 10 }, false],
    ['a newer step', { last_step: 12 }, false],
    ['the seed of another device of the same serial', { seed_sealed: 'another' }, false],
    ['another owner', { principal_id: 'another' }, false],
  ])(`${name}, after another request has stored %s`, async (_name, changes, wins) => {
    const device = await deviceWith(changes, assigned)
    expect(await write(device)).toBe(wins)
    const after = await findDevice(server.store.storage.reader, root.accountId, device.serial)
    expect(after?.lastStep).toBe(
      wins ? (name === 'one code' ? 10 : 11) : ((changes as { last_step?: number }).last_step ?? 5),
    )
  })
}
