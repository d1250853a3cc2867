import type { BrowserContext } from 'playwright-core'
import { expect } from 'vitest'
import { browserTest, closeWatched, watchedContext } from './chromium.ts'
import { jsonHeaders, stubServer } from './stub-server.ts'

const pageHeaders = {
  ...jsonHeaders,
  'Content-Type': 'text/html; charset=utf-8',
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
}

/** A page with this script, as a file of its own, and these answers to its requests. */
function pageWith(script: string, html = '', headers: Record<string, string> = pageHeaders): Promise<string> {
  return stubServer((request, response) => {
    if (request.url === '/page.js') {
      response.writeHead(200, { ...jsonHeaders, 'Content-Type': 'text/javascript; charset=utf-8' }).end(script)
    } else if (request.url?.startsWith('/status/')) {
      response.writeHead(Number(request.url.slice('/status/'.length)), jsonHeaders).end('{}')
    } else if (request.url === '/leak') {
      response.writeHead(200, { ...jsonHeaders, 'Content-Type': 'text/html' }).end('<p>')
    } else {
      response.writeHead(200, headers)
      response.end(`<!doctype html><title>x</title>${html}<body><script src="/page.js"></script>`)
    }
  })
}

/** A request whose answer the page reads: Chromium keeps an unread one open. */
function read(path: string): string {
  return `fetch('${path}').then((answer) => answer.text())`
}

const done = "document.title = 'done'"

browserTest('a page without a fault passes, refused requests included', async ({ browser }) => {
  const page = await browser.newPage()
  await page.goto(await pageWith(`${read('/status/401')}.then(() => ${read('/status/429')}).then(() => { ${done} })`))
  await page.waitForFunction("document.title === 'done'")
  expect(await browser.faults()).toEqual([])
})

browserTest.for<[string, string, string, RegExp]>([
  ['an error in the console', "console.error('oh no')", '', /error in the console: oh no/],
  [
    'an error that nobody catches',
    "setTimeout(() => { throw new Error('oh no') })",
    '',
    /error in the page: Error: oh no/,
  ],
  ['an inline script', '', '<script>document.title = "evil"</script>', /script-src-elem blocked inline/],
  ['an inline style', '', '<p style="color: red">', /style-src-attr blocked inline/],
  [
    'a script of another machine',
    '',
    '<script src="https://other.example/x"></script>',
    /blocked https:\/\/other.example/,
  ],
  ['a file that is missing', read('/status/404'), '', /status of 404/],
  ['a fault of the server', read('/status/500'), '', /status of 500/],
  ['an answer that breaks a rule', read('/leak'), '', /GET http:\S+\/leak → 200: got content-type/],
])('%s is caught', async ([, script, html, complaint], { chromium }) => {
  const opened: BrowserContext[] = []
  const browser = await watchedContext(chromium, opened)
  const page = await browser.newPage()
  await page.goto(await pageWith(script, html))
  await expect.poll(async () => (await browser.faults()).join('\n')).toMatch(complaint)
  await expect(closeWatched(browser, opened)).rejects.toThrow(complaint)
})

browserTest('a visit to another machine is caught, and does not get there', async ({ chromium }) => {
  const opened: BrowserContext[] = []
  const browser = await watchedContext(chromium, opened)
  const page = await (await browser.newBrowser()).newPage()
  await expect(page.goto('https://other.example/')).rejects.toThrow('ERR_NAME_NOT_RESOLVED')
  await expect(closeWatched(browser, opened)).rejects.toThrow('request to another machine: https://other.example/')
})

browserTest('a fault that a test brings about on purpose is allowed by name, and no other', async ({ browser }) => {
  browser.allow(/^error in the console: on purpose /)
  const page = await browser.newPage()
  await page.goto(await pageWith(`console.error('on purpose'); ${done}`))
  await page.waitForFunction("document.title === 'done'")
  expect(await browser.faults()).toEqual([])
})
