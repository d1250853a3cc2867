import { GetAccountSummaryCommand, ListVirtualMFADevicesCommand } from '@aws-sdk/client-iam'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sdkClients } from '../support/sdk.ts'
import {
  enrolRootDevice,
  enterPassword,
  newAccount,
  newBrowser,
  newUser,
  signInRoot,
  startTestServer,
  type TestServer,
} from '../support/test-server.ts'

let server: TestServer

beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

test('once root has a device, every sign-in asks for a code, and the API says so', async () => {
  const account = await newAccount(server)
  const admin = await newUser(server, account.accountId, 'admin', true)
  const { iam } = sdkClients(server.url, admin, { now: server.clock.now })
  const summary = async () => (await iam.send(new GetAccountSummaryCommand({}))).SummaryMap?.['AccountMFAEnabled']
  expect(await summary()).toBe(0)

  const first = await signInRoot(server, account)
  const other = await signInRoot(server, account)
  const { serial, app } = await enrolRootDevice(server, first, 'my phone'.replace(' ', '-'))
  expect(serial).toBe(`arn:aws:iam::${account.accountId}:mfa/root-account-mfa-device`)
  expect(await summary()).toBe(1)
  expect((await other.get('/console/session')).status).toBe(401)
  expect((await first.get('/console/session')).json()).toMatchObject({ mfaSerial: null, mfaEnabled: true })

  const rows = await iam.send(new ListVirtualMFADevicesCommand({ AssignmentStatus: 'Assigned' }))
  expect(rows.VirtualMFADevices).toMatchObject([
    { SerialNumber: serial, User: { UserId: account.accountId, Arn: `arn:aws:iam::${account.accountId}:root` } },
  ])
  expect(rows.VirtualMFADevices?.[0]?.User).not.toHaveProperty('UserName')

  const again = newBrowser(server)
  const challenge = await enterPassword(again, account)
  expect(challenge.json()).toMatchObject({
    step: { name: 'mfa', mode: 'single', devices: [{ serial, name: 'my-phone' }] },
  })
  expect((await again.get('/console/session')).status).toBe(401)
  const wrong = await again.post('/sign-in/mfa', { serial, code: app.codeAt(server.clock.now() - 3_600_000) })
  expect(wrong.status).toBe(401)
  expect(wrong.json()).toMatchObject({ error: { title: 'Authentication failed' }, step: { name: 'mfa' } })
  server.clock.advance(30_000)
  const right = await again.post('/sign-in/mfa', { serial, code: app.codeAt(server.clock.now()) })
  expect(right.json()).toEqual({ step: { name: 'signed-in', location: '/console/home' } })
  expect((await again.get('/console/session')).json()).toMatchObject({ mfaSerial: serial })
  expect((await again.get('/console/mfa-devices')).json()).toMatchObject({
    devices: [{ serial, verifiedAt: server.clock.now(), usedInThisSession: true }],
  })
})
