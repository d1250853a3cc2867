/**
 * A real Chromium whose every page is watched: errors in its console, violations of the Content-Security-Policy,
 * requests to other machines, and each answer by the hook of answers.ts. A test with any of these fails.
 */
import { type Browser, type BrowserContext, chromium, type Page, type Response } from 'playwright-core'
import { test } from 'vitest'
import { findFaults } from './answers.ts'

export interface WatchedBrowser {
  readonly context: BrowserContext
  newPage(): Promise<Page>
  /** What went wrong so far, once the answers under way have been looked at. */
  faults(): Promise<readonly string[]>
  /** Another person's browser: no cookie in common. It ends with the test, and its faults are this test's. */
  newBrowser(): Promise<WatchedBrowser>
  /** A fault that this test brings about on purpose: the whole text of it. */
  allow(fault: RegExp): void
}

const flags = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // Nothing but this machine can be reached, whatever a page asks for.
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost, EXCLUDE *.localhost',
]

/** Chromium writes a line for every refused request; a refusal is an answer like any other. 404 and 5xx are not. */
const refusal = /^Failed to load resource: the server responded with a status of (400|401|403|409|429) /

/** A body that is not there by then belongs to a page that was left. */
const bodyMsMax = 5_000

export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
    headless: true,
    chromiumSandbox: false,
    args: flags,
  })
}

/** One more context of a running Chromium, watched. */
export async function watchedContext(chromium: Browser, opened: BrowserContext[] = []): Promise<WatchedBrowser> {
  const context = await chromium.newContext({ viewport: { width: 1280, height: 900 } })
  opened.push(context)
  const faults: string[] = []
  const allowed: RegExp[] = []
  const others: WatchedBrowser[] = []
  const pending = new Set<Promise<void>>()
  await watchPolicyViolations(context, faults)
  context.on('page', (page) => watchPage(page, faults))
  context.on('request', (request) => {
    if (isForeign(request.url())) faults.push(`request to another machine: ${request.url()}`)
  })
  context.on('response', (response) => {
    const check = checkResponse(response, faults).finally(() => pending.delete(check))
    pending.add(check)
  })
  return {
    context,
    newPage: () => context.newPage(),
    async faults() {
      await Promise.all(pending)
      const own = faults.filter((fault) => !allowed.some((pattern) => pattern.test(fault)))
      const theirs = await Promise.all(others.map((other) => other.faults()))
      return [...own, ...theirs.flat()]
    },
    async newBrowser() {
      const other = await watchedContext(chromium, opened)
      others.push(other)
      return other
    },
    allow: (fault) => {
      allowed.push(fault)
    },
  }
}

/** Throws when anything went wrong in these pages, and closes them either way. */
export async function closeWatched(browser: WatchedBrowser, opened: readonly BrowserContext[]): Promise<void> {
  const faults = await browser.faults()
  for (const context of opened) await context.close()
  if (faults.length > 0) throw new Error(`the browser saw:\n${faults.join('\n')}`)
}

/** `browserTest('…', async ({ browser }) => …)`: a browser without cookies for each test, one Chromium for each file. */
export const browserTest = test
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads what a fixture needs from its first parameter
  .extend('chromium', { scope: 'file' }, async ({}, { onCleanup }) => {
    const running = await launchChromium()
    onCleanup(() => running.close())
    return running
  })
  .extend('browser', async ({ chromium }, { onCleanup }) => {
    const opened: BrowserContext[] = []
    const browser = await watchedContext(chromium, opened)
    onCleanup(() => closeWatched(browser, opened))
    return browser
  })

async function watchPolicyViolations(context: BrowserContext, faults: string[]): Promise<void> {
  await context.exposeFunction('sallyportTestViolation', (violation: string) => {
    faults.push(`violation of the Content-Security-Policy: ${violation}`)
  })
  // Runs in the page, before any script of it.
  await context.addInitScript(`document.addEventListener('securitypolicyviolation', (event) =>
    sallyportTestViolation(event.effectiveDirective + ' blocked ' + event.blockedURI + ' on ' + event.documentURI))`)
}

function watchPage(page: Page, faults: string[]): void {
  page.on('pageerror', (error) => faults.push(`error in the page: ${error.stack ?? error.message}`))
  page.on('crash', () => faults.push('the page crashed'))
  page.on('console', (message) => {
    if (message.type() !== 'error' || refusal.test(message.text())) return
    faults.push(`error in the console: ${message.text()} (${message.location().url})`)
  })
}

function isForeign(url: string): boolean {
  const { protocol, hostname } = new URL(url)
  if (!/^(https?|wss?):$/.test(protocol)) return false
  return !(hostname === '127.0.0.1' || hostname === '[::1]' || /(^|\.)localhost$/.test(hostname))
}

async function checkResponse(response: Response, faults: string[]): Promise<void> {
  const request = { method: response.request().method(), url: response.url() }
  if (!/^https?:/.test(request.url) || isForeign(request.url)) return
  const headers = await within(response.headersArray(), [])
  if (headers.length === 0) return
  const body = await within(response.body(), undefined)
  const pairs = headers.map(({ name, value }): [string, string] => [name, value])
  const found = findFaults(request, { status: response.status(), headers: pairs, body })
  faults.push(...found.map((fault) => `${request.method} ${request.url} → ${response.status()}: ${fault}`))
}

/** What a page that was left can no longer tell is `otherwise`. */
async function within<T, U>(told: Promise<T>, otherwise: U): Promise<T | U> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<U>((resolve) => {
    timer = setTimeout(resolve, bodyMsMax, otherwise)
  })
  try {
    return await Promise.race([told, late])
  } catch {
    return otherwise
  } finally {
    clearTimeout(timer)
  }
}
