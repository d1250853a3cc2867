/** What happens beside the main story's straight way: a wizard that is left, a device that is resynchronised, a second device. */

import { ListVirtualMFADevicesCommand } from '@aws-sdk/client-iam'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect } from 'vitest'
import { type AuthenticatorApp, authenticatorApp } from '../support/authenticator-app.ts'
import { canaries } from '../support/canaries.ts'
import { browserTest } from '../support/chromium.ts'
import { runSallyport } from '../support/cli.ts'
import { sdkClients } from '../support/sdk.ts'
import { type ServerProcess, startServer } from '../support/server-process.ts'

const email = 'root@example.com'
const password = 'four small boats at the quay'

let server: ServerProcess
let accountId = ''
let serials: (status: 'Any' | 'Assigned') => Promise<string[]>

beforeAll(async () => {
  canaries.add(password, 'the password of root')
  server = await startServer()
  const data = ['--data', server.data, '--json']
  const account = [
    'account',
    'create',
    '--name',
    'Example',
    '--email',
    email,
    '--phone',
    '+43 1 2345678',
    '--password-stdin',
  ]
  accountId = JSON.parse((await runSallyport([...account, ...data], { input: password })).stdout).AccountId
  const user = ['user', 'create', '--account', accountId, '--name', 'admin', '--administrator', '--access-key']
  const key = JSON.parse((await runSallyport([...user, ...data])).stdout)
  const { iam } = sdkClients(server.url, { accessKeyId: key.AccessKeyId, secretAccessKey: key.SecretAccessKey })
  serials = async (AssignmentStatus) => {
    const answer = await iam.send(new ListVirtualMFADevicesCommand({ AssignmentStatus }))
    return (answer.VirtualMFADevices ?? []).map((device) => device.SerialNumber ?? '')
  }
})
afterAll(() => server.stop())

async function signIn(page: Page): Promise<void> {
  await page.goto(`${server.url}/console/iam/security-credentials`)
  await page.getByLabel('Root user email address').fill(email)
  await page.getByRole('button', { name: 'Next' }).click()
  await page.getByRole('textbox', { name: 'Password' }).fill(password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
}

async function openSetUpStep(page: Page, name: string): Promise<AuthenticatorApp> {
  await page.getByRole('button', { name: 'Assign MFA device' }).click()
  await page.getByLabel('Device name').fill(name)
  await page.getByRole('button', { name: 'Next' }).click()
  await page.getByRole('button', { name: 'Show secret key' }).click()
  return authenticatorApp(
    ((await page.getByLabel('Secret key', { exact: true }).textContent()) ?? '').replace(/\s/g, ''),
  )
}

/** Types this step's code, and the next one's when the page says that it is time. */
async function typeTwoCodes(page: Page, app: AuthenticatorApp): Promise<void> {
  const first = app.codeAt(Date.now())
  await page.getByLabel('MFA code 1').fill(first)
  await expect.poll(() => app.codeAt(Date.now()), { timeout: 40_000, interval: 200 }).not.toBe(first)
  await page.getByLabel('MFA code 2').fill(app.codeAt(Date.now()))
}

browserTest('a wizard that is left, in whatever way, leaves no device', { timeout: 120_000 }, async ({ browser }) => {
  const page = await browser.newPage()
  await signIn(page)
  await openSetUpStep(page, 'left-by-cancel')
  expect(await serials('Any')).toHaveLength(1)
  await page.getByRole('button', { name: 'Cancel' }).click()
  await page.getByRole('heading', { name: /My security credentials/ }).waitFor()
  await expect.poll(() => serials('Any')).toEqual([])

  await openSetUpStep(page, 'left-by-address')
  await page.goto(`${server.url}/console/home`)
  await expect.poll(() => serials('Any')).toEqual([])

  await page.goto(`${server.url}/console/iam/security-credentials`)
  await openSetUpStep(page, 'left-by-closing')
  await page.close({ runBeforeUnload: false })
  await expect.poll(() => serials('Any')).toEqual([])
})

browserTest('without a mouse: two devices, one of them resynchronised', { timeout: 240_000 }, async ({ browser }) => {
  const page = await browser.newPage()
  await signIn(page)
  const app = await openSetUpStep(page, 'first')
  await typeTwoCodes(page, app)
  await page.getByLabel('MFA code 2').press('Enter')
  await page.getByText('MFA device assigned', { exact: true }).waitFor()
  const serial = `arn:aws:iam::${accountId}:mfa/root-account-mfa-device`
  expect(await serials('Assigned')).toEqual([serial])

  // A second one: refused with AWS's words, since this session was never asked for a code.
  const second = await openSetUpStep(page, 'second')
  await typeTwoCodes(page, second)
  await page.getByRole('button', { name: 'Add MFA' }).click()
  await page
    .getByText(/please ensure that you are authenticated with an MFA device/)
    .first()
    .waitFor()
  expect(await serials('Assigned')).toEqual([serial])
  await page.getByRole('button', { name: 'Cancel' }).click()

  await page.getByRole('radio', { name: 'Select first' }).focus()
  await page.keyboard.press('Space')
  await page.getByRole('button', { name: 'Resync' }).focus()
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog', { name: 'Resync MFA device' })
  await dialog.waitFor()
  const code = app.codeAt(Date.now())
  await page.keyboard.insertText(code)
  await expect.poll(() => app.codeAt(Date.now()), { timeout: 40_000, interval: 200 }).not.toBe(code)
  await page.keyboard.press('Tab')
  await page.keyboard.insertText(app.codeAt(Date.now()))
  await page.keyboard.press('Enter')
  await dialog.waitFor({ state: 'hidden' })
  await page
    .getByText(/resynchroni|resynced|in sync/i)
    .first()
    .waitFor()
})
