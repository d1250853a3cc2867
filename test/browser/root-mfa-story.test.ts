/**
 * The main story, as a person lives it: from the set-up link to a root user whose second factor is asked for at every sign-in.
 * A real Chromium, a real server process on the machine's own clock, an authenticator app that is not ours, and the AWS CLI.
 */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { type AuthenticatorApp, authenticatorApp, authenticatorAppFromQr } from '../support/authenticator-app.ts'
import { canaries } from '../support/canaries.ts'
import { browserTest } from '../support/chromium.ts'
import { runAws, runSallyport } from '../support/cli.ts'
import type { SdkCredentials } from '../support/sdk.ts'
import { type ServerProcess, startServer } from '../support/server-process.ts'

const email = 'root@example.com'
const password = 'four small boats at the quay'
const stepMs = 30_000

let server: ServerProcess

beforeAll(async () => {
  canaries.add(password, 'the password of root')
  server = await startServer()
})
afterAll(() => server.stop())

/** The code of the next time step, once it has begun: what a person sees who waits for the app to change. */
async function nextCode(app: AuthenticatorApp, after: string): Promise<string> {
  const end = Date.now() + 2 * stepMs
  while (Date.now() < end) {
    const code = app.codeAt(Date.now())
    if (code !== after) return code
    await new Promise((resolve) => setTimeout(resolve, 250))
  }
  throw new Error('the app shows the same code for a minute')
}

async function enterPassword(page: Page): Promise<void> {
  await page.getByRole('textbox', { name: 'Password' }).fill(password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
}

describe('root locks itself down', () => {
  browserTest('from the set-up link to a verified second factor', { timeout: 300_000 }, async ({ browser }) => {
    const page = await browser.newPage()

    // Create account: the link works once, and its token leaves the address bar.
    const link = `${server.url}/setup#token=${server.setupToken()}`
    await page.goto(link)
    await page.getByLabel('Account name').fill('Example Corp')
    await page.getByLabel('Root user email address').fill(email)
    await page.getByLabel('Contact phone').fill('+43 1 2345678')
    expect(page.url()).not.toContain('token')
    await page.getByRole('textbox', { name: 'Password' }).fill('password123456')
    await page.getByRole('button', { name: 'Create account' }).click()
    await page
      .getByText(/common/i)
      .last()
      .waitFor()
    await page.getByRole('textbox', { name: 'Password' }).fill(password)
    await page.getByRole('button', { name: 'Create account' }).click()
    const created = (await page.getByText(/^\d{12}$/).textContent()) ?? ''
    expect(created).toMatch(/^\d{12}$/)
    const accountId = created

    // The administrator for the terminal.
    const made = await runSallyport([
      'user',
      'create',
      '--account',
      accountId,
      '--name',
      'admin',
      '--administrator',
      '--access-key',
      '--json',
      '--data',
      server.data,
    ])
    const key = JSON.parse(made.stdout) as { AccessKeyId: string; SecretAccessKey: string }
    canaries.add(key.SecretAccessKey, 'the secret access key of the administrator')
    const admin: SdkCredentials = { accessKeyId: key.AccessKeyId, secretAccessKey: key.SecretAccessKey }
    const aws = async (...parameters: string[]) => (await runAws(server.url, admin, parameters)).stdout.trim()
    const summary = () => aws('iam', 'get-account-summary', '--query', 'SummaryMap.AccountMFAEnabled')
    expect(await summary()).toBe('0')

    // Sign in, as on AWS, without a device: a session, and a banner that says what is missing.
    await page.goto(server.url)
    await page.getByRole('radio', { name: 'Root user' }).waitFor()
    await page.getByLabel('Root user email address').fill(email)
    await page.getByRole('button', { name: 'Next' }).click()
    await page.getByRole('heading', { name: 'Root user sign in' }).waitFor()
    await enterPassword(page)
    await page.getByText("You don't have MFA for root user").waitFor()

    // A second browser of root, to see it end.
    const other = await (await browser.newBrowser()).newPage()
    await other.goto(`${server.url}/sign-in`)
    await other.getByLabel('Root user email address').fill(email)
    await other.getByRole('button', { name: 'Next' }).click()
    await enterPassword(other)
    await other.getByText("You don't have MFA for root user").waitFor()

    // Account name → Security credentials → Assign MFA device.
    await page.getByRole('button', { name: 'Example Corp' }).click()
    await page.getByRole('menuitem', { name: 'Security credentials' }).click()
    await page.getByRole('heading', { name: /Multi-factor authentication \(MFA\)\s*\(0\)/ }).waitFor()
    await page.getByRole('button', { name: 'Assign MFA device' }).click()
    await page.getByLabel('Device name').fill('my phone')
    await page.getByRole('button', { name: 'Next' }).click()
    // A name with a blank is refused where it is typed.
    await page.getByLabel('Device name').fill('my-phone')
    await page.getByRole('button', { name: 'Next' }).click()
    await page.getByRole('button', { name: 'Show QR code' }).click()
    const picture = await page.getByRole('img', { name: /QR code/i }).getAttribute('src')
    const app = authenticatorAppFromQr(Buffer.from(picture?.split(',')[1] ?? '', 'base64'))
    await page.getByRole('button', { name: 'Show secret key' }).click()
    const shown = /[A-Z2-7]{64}/.exec(((await page.locator('main').textContent()) ?? '').replace(/\s/g, ''))?.[0] ?? ''
    expect(authenticatorApp(shown).codeAt(0)).toBe(app.codeAt(0))

    // The same code twice: said so, and back to the QR step with the same secret.
    const code = app.codeAt(Date.now())
    await page.getByLabel('MFA code 1').fill(code)
    await page.getByLabel('MFA code 2').fill(code)
    await page.getByRole('button', { name: 'Add MFA' }).click()
    await page
      .getByText(/Authentication code for device is not valid.*same/s)
      .first()
      .waitFor()
    expect(await summary()).toBe('0')

    const first = app.codeAt(Date.now())
    await page.getByLabel('MFA code 1').fill(first)
    const second = await nextCode(app, first)
    await page.getByLabel('MFA code 2').fill(second)
    await page.getByRole('button', { name: 'Add MFA' }).click()
    await page.getByText('MFA device assigned').waitFor()
    const serial = `arn:aws:iam::${accountId}:mfa/root-account-mfa-device`
    await page.getByRole('row', { name: new RegExp(`${serial}.*Active`, 's') }).waitFor()
    await page.getByRole('heading', { name: /Multi-factor authentication \(MFA\)\s*\(1\)/ }).waitFor()

    // The proof in the terminal.
    expect(await summary()).toBe('1')
    const rows = JSON.parse(await aws('iam', 'list-virtual-mfa-devices', '--assignment-status', 'Assigned'))
    expect(rows.VirtualMFADevices).toHaveLength(1)
    expect(rows.VirtualMFADevices[0]).toMatchObject({
      SerialNumber: serial,
      User: { UserId: accountId, Arn: `arn:aws:iam::${accountId}:root` },
    })
    expect(Object.keys(rows.VirtualMFADevices[0].User).sort()).toEqual([
      'Arn',
      'CreateDate',
      'PasswordLastUsed',
      'UserId',
    ])
    expect(JSON.parse(await aws('sts', 'get-caller-identity'))).toMatchObject({ Account: accountId })

    // The other session has ended; this one says that it was never asked.
    await other.goto(`${server.url}/console/home`)
    await other
      .getByLabel('Root user email address')
      .or(other.getByRole('textbox', { name: 'Password' }))
      .first()
      .waitFor()
    await page.getByRole('button', { name: 'Sign in again to verify' }).first().click()

    // The code is asked for. A wrong one: AWS's text, and the page stays.
    await enterPassword(page)
    await page.getByRole('heading', { name: 'Additional verification required' }).waitFor()
    await page.getByLabel('MFA code').fill('000000' === app.codeAt(Date.now()) ? '000001' : '000000')
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.getByText('Your authentication information is incorrect. Please try again.').waitFor()
    // The code that enrolled the device is used up.
    await page.getByLabel('MFA code').fill(second)
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.getByText('Your authentication information is incorrect. Please try again.').waitFor()
    await page.getByLabel('MFA code').fill(await nextCode(app, second))
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.getByRole('row', { name: new RegExp(`${serial}.*Used for this session`, 's') }).waitFor()

    // A fresh browser is asked, too.
    const fresh = await (await browser.newBrowser()).newPage()
    await fresh.goto(`${server.url}/sign-in`)
    await fresh.getByLabel('Root user email address').fill(email)
    await fresh.getByRole('button', { name: 'Next' }).click()
    await enterPassword(fresh)
    await fresh.getByRole('heading', { name: 'Additional verification required' }).waitFor()
    expect((await fresh.request.get(`${server.url}/console/session`)).status()).toBe(401)

    // Remove it: this session has proved both factors within five minutes. The summary follows.
    await page.getByRole('radio', { name: /my-phone|root-account-mfa-device/ }).check()
    await page.getByRole('button', { name: 'Remove' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
    await page.getByRole('heading', { name: /Multi-factor authentication \(MFA\)\s*\(0\)/ }).waitFor()
    expect(await summary()).toBe('0')
    expect(JSON.parse(await aws('iam', 'list-virtual-mfa-devices')).VirtualMFADevices).toEqual([])

    await page.getByRole('button', { name: 'Example Corp' }).click()
    await page.getByRole('menuitem', { name: 'Sign out' }).click()
    await page.getByLabel('Root user email address').waitFor()
    expect((await page.request.get(`${server.url}/console/session`)).status()).toBe(401)
  })
})
