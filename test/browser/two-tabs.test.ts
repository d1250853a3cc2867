/** Tabs of one browser share its cookies: what was begun in one tab is never done in the name of whoever signed in in another. */
import { ListMFADevicesCommand } from '@aws-sdk/client-iam'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect } from 'vitest'
import { canaries } from '../support/canaries.ts'
import { browserTest } from '../support/chromium.ts'
import { runSallyport } from '../support/cli.ts'
import { type SdkClients, sdkClients } from '../support/sdk.ts'
import { type ServerProcess, startServer } from '../support/server-process.ts'

const password = 'four small boats at the quay'
const accountFlags = ['account', 'create', '--name', 'Example', '--phone', '+43 1 2345678', '--password-stdin']

let server: ServerProcess
let accountId = ''
let administrator: SdkClients

beforeAll(async () => {
  canaries.add(password, 'the password of all')
  server = await startServer()
  const run = async (...parameters: string[]) => {
    const { stdout } = await runSallyport([...parameters, '--data', server.data, '--json'], { input: password })
    return JSON.parse(stdout) as { AccountId: string; AccessKeyId: string; SecretAccessKey: string }
  }
  accountId = (await run(...accountFlags, '--email', 'root@example.com')).AccountId
  const user = (name: string, ...more: string[]) =>
    run('user', 'create', '--account', accountId, '--name', name, ...more)
  const key = await user('admin', '--administrator', '--access-key')
  administrator = sdkClients(server.url, { accessKeyId: key.AccessKeyId, secretAccessKey: key.SecretAccessKey })
  for (const name of ['carol', 'alice']) await user(name, '--password-stdin')
})
afterAll(() => server.stop())

const credentialsPage = '/console/iam/security-credentials'

async function signIn(page: Page, userName: string): Promise<void> {
  await page.goto(`${server.url}/sign-in?return=${encodeURIComponent(credentialsPage)}`)
  await page.getByRole('radio', { name: 'IAM user' }).check()
  await page.getByLabel('Account ID (12 digits) or account alias').fill(accountId)
  await page.getByLabel('IAM username').fill(userName)
  await page.getByRole('textbox', { name: 'Password' }).fill(password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByRole('heading', { name: /My security credentials/ }).waitFor()
}

async function signOut(page: Page, accountName: string): Promise<void> {
  await page.getByRole('button', { name: new RegExp(accountName) }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await page.getByText('You have signed out.').waitFor()
}

async function openWizard(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Assign MFA device' }).click()
  await page.getByLabel('Device name').fill('a-phone')
  await page.getByRole('button', { name: 'Next' }).click()
}

browserTest('a tab of one user never acts as another', { timeout: 120_000 }, async ({ browser }) => {
  const carol = await browser.newPage()
  await signIn(carol, 'carol')
  const other = await browser.newPage()
  await other.goto(`${server.url}${credentialsPage}`)
  await signOut(other, 'Example')
  await signIn(other, 'alice')

  await openWizard(carol)
  await carol.getByText('This browser is now signed in as IAM user alice').waitFor()
  expect(new URL(carol.url()).pathname).toBe('/console/home')
  expect(new URL(carol.url()).search).toBe('')
  for (const UserName of ['carol', 'alice'])
    expect((await administrator.iam.send(new ListMFADevicesCommand({ UserName }))).MFADevices).toEqual([])
})

browserTest(
  'a tab of a session that has ended says so, whatever is done there',
  { timeout: 120_000 },
  async ({ browser }) => {
    const wizard = await browser.newPage()
    await signIn(wizard, 'carol')
    const menu = await browser.newPage()
    await menu.goto(`${server.url}${credentialsPage}`)
    await menu.getByRole('heading', { name: /My security credentials/ }).waitFor()
    const other = await browser.newPage()
    await other.goto(`${server.url}${credentialsPage}`)
    await signOut(other, 'Example')

    await openWizard(wizard)
    await wizard.getByText('Your session has ended. Sign in again to go on where you were.').waitFor()
    // Signing out of what has ended is no failure.
    await menu.getByRole('button', { name: /Example/ }).click()
    await menu.getByRole('menuitem', { name: 'Sign out' }).click()
    await menu.getByText(/Your session has ended|You have signed out/).waitFor()
  },
)

browserTest('a password is checked for the address that its page shows', { timeout: 120_000 }, async ({ browser }) => {
  const enter = async (tab: Page, email: string) => {
    await tab.getByLabel('Root user email address').fill(email)
    await tab.getByRole('button', { name: 'Next' }).click()
    await tab.getByRole('textbox', { name: 'Password' }).waitFor()
  }
  const page = await browser.newPage()
  await page.goto(`${server.url}/sign-in`)
  await enter(page, 'somebody-else@example.com')
  const other = await browser.newPage()
  await other.goto(`${server.url}/sign-in`)
  await other.getByRole('button', { name: 'Sign in to a different account' }).click()
  await enter(other, 'root@example.com')

  await page.getByRole('textbox', { name: 'Password' }).fill(password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByText('Your sign-in has expired').waitFor()
  expect(new URL(page.url()).pathname).toBe('/sign-in')
})
