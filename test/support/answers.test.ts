import { expect, test } from 'vitest'
import { type Answer, type AskedRequest, checkAnswer } from './answers.ts'
import { createCanaries } from './canaries.ts'

const csp =
  "default-src 'none'; script-src 'self'; style-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
const all = { 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' }
const page = {
  ...all,
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': csp,
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
}
const json = { ...all, 'content-type': 'application/json; charset=utf-8' }
const xml = { ...all, 'content-type': 'text/xml' }

function get(url: string): AskedRequest {
  return { method: 'GET', url: new URL(url, 'http://127.0.0.1:4100').href }
}

function answer(headers: Record<string, string | undefined>, body = '', status = 200): Answer {
  const pairs = Object.entries(headers).filter((pair): pair is [string, string] => pair[1] !== undefined)
  return { status, headers: pairs, body: Buffer.from(body) }
}

function check(request: AskedRequest, given: Answer): void {
  checkAnswer(request, given, { canaries: createCanaries() })
}

test.each<[string, AskedRequest, Answer]>([
  ['a page', get('/sign-in'), answer(page, '<!doctype html><title>x</title>')],
  ['JSON', get('/sign-in/state'), answer(json, '{"step":{"name":"identify"}}')],
  [
    'XML',
    get('/'),
    answer(xml, '<?xml version="1.0"?>\n<GetUserResponse xmlns="https://x/">a &amp; b</GetUserResponse>'),
  ],
  [
    'a hashed file',
    get('/assets/index-abc.js'),
    answer(
      {
        ...all,
        'cache-control': 'public, max-age=31536000, immutable',
        'content-type': 'text/javascript; charset=utf-8',
      },
      'x',
    ),
  ],
  ['no content', get('/console/sign-out'), answer(all, '', 204)],
  ['a path of an IAM user', get('/'), answer(xml, '<Path>/usr/bin/team/</Path>')],
  ['AWS words that look like SQL', get('/'), answer(json, '{"message":"Select a device from the list to update it"}')],
])('%s that is right passes', (_what, request, given) => {
  expect(() => check(request, given)).not.toThrow()
})

test.each<[string, AskedRequest, Answer, RegExp]>([
  ['no nosniff', get('/x'), answer({ ...json, 'x-content-type-options': undefined }, '{}'), /x-content-type-options/],
  ['an answer that may be kept', get('/x'), answer({ ...json, 'cache-control': 'max-age=60' }, '{}'), /cache-control/],
  ['no caching rule', get('/x'), answer({ ...json, 'cache-control': undefined }, '{}'), /cache-control/],
  [
    'no CSP',
    get('/x'),
    answer({ ...page, 'content-security-policy': undefined }, '<!doctype html>'),
    /content-security-policy/,
  ],
  [
    'inline scripts',
    get('/x'),
    answer(
      { ...page, 'content-security-policy': csp.replace("script-src 'self'", "script-src 'self' 'unsafe-inline'") },
      '<!doctype html>',
    ),
    /content-security-policy/,
  ],
  [
    'framing',
    get('/x'),
    answer({ ...page, 'content-security-policy': csp.replace("; frame-ancestors 'none'", '') }, '<!doctype html>'),
    /content-security-policy/,
  ],
  ['a referrer', get('/x'), answer({ ...page, 'referrer-policy': 'origin' }, '<!doctype html>'), /referrer-policy/],
  [
    'an opener',
    get('/x'),
    answer({ ...page, 'cross-origin-opener-policy': undefined }, '<!doctype html>'),
    /cross-origin-opener-policy/,
  ],
  ['a server that names itself', get('/x'), answer({ ...json, 'x-powered-by': 'Hono' }, '{}'), /x-powered-by/],
  ['no HSTS on https', get('https://host/x'), answer(json, '{}'), /strict-transport-security/],
  [
    'a loose content type',
    get('/x'),
    answer({ ...json, 'content-type': 'text/html' }, '<!doctype html>'),
    /content-type/,
  ],
  ['a body without a type', get('/x'), answer(all, 'x'), /without a content type/],
  ['broken JSON', get('/x'), answer(json, '{'), /not JSON/],
  ['broken XML', get('/x'), answer(xml, '<a><b></a>'), /not well-formed XML/],
  ['XML with an unescaped ampersand', get('/x'), answer(xml, '<a>x & y</a>'), /not well-formed XML/],
  ['XML with two roots', get('/x'), answer(xml, '<a/><b/>'), /not well-formed XML/],
  ['XML with an entity of its own', get('/x'), answer(xml, '<a>&nbsp;</a>'), /not well-formed XML/],
  ['XML with a control character', get('/x'), answer(xml, '<a>\u0001</a>'), /not well-formed XML/],
  [
    'a stack trace',
    get('/x'),
    answer(json, JSON.stringify({ error: 'Error: x\n    at run (/srv/app/x.js:1:2)' })),
    /stack trace/,
  ],
  ['a path', get('/x'), answer(json, '{"message":"cannot read /var/lib/sallyport/sallyport.db"}'), /file of ours/],
  ['SQL', get('/x'), answer(json, JSON.stringify({ message: 'select "id" from "users"' })), /SQL/],
  ['an error of the database', get('/x'), answer(json, '{"message":"SQLITE_BUSY: database is locked"}'), /SQL/],
  ['an error of the system', get('/x'), answer(json, '{"message":"connect ECONNREFUSED"}'), /error of the system/],
  ['a readable cookie', get('/x'), answer({ ...json, 'set-cookie': 's=1; Path=/; SameSite=Lax' }, '{}'), /no HttpOnly/],
  [
    'a cookie for other sites',
    get('/x'),
    answer({ ...json, 'set-cookie': 's=1; Path=/; HttpOnly; SameSite=None' }, '{}'),
    /no SameSite/,
  ],
  [
    'a cookie for other hosts',
    get('/x'),
    answer({ ...json, 'set-cookie': 's=1; Path=/; HttpOnly; SameSite=Lax; Domain=x' }, '{}'),
    /Domain/,
  ],
  [
    'an https cookie that is not bound to its host',
    get('https://h/x'),
    answer(
      {
        ...json,
        'strict-transport-security': 'max-age=63072000; includeSubDomains',
        'set-cookie': 's=1; Path=/; HttpOnly; SameSite=Lax; Secure',
      },
      '{}',
    ),
    /not a __Host- cookie/,
  ],
])('%s is caught', (_what, request, given, complaint) => {
  expect(() => check(request, given)).toThrow(complaint)
})

test('a secret that an answer handed out is caught when a later one repeats it', () => {
  const canaries = createCanaries()
  const created = answer(xml, '<R><SecretAccessKey>wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY</SecretAccessKey></R>')
  checkAnswer(get('/'), created, { canaries })
  expect(() => checkAnswer(get('/'), created, { canaries })).toThrow('SecretAccessKey')
  const expectSecret = ['wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY']
  expect(() => checkAnswer(get('/'), created, { canaries, expectSecret })).not.toThrow()
})

test('a seed that an answer handed out is caught as base32, too', () => {
  const canaries = createCanaries()
  const seed = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP'
  const created = JSON.stringify({ Base32StringSeed: Buffer.from(seed).toString('base64') })
  checkAnswer(get('/'), answer(json, created), { canaries })
  expect(() => checkAnswer(get('/'), answer(json, JSON.stringify({ seed })), { canaries })).toThrow('Base32StringSeed')
})

test('a session cookie is caught in a body', () => {
  const canaries = createCanaries()
  const cookie = 'c29tZXRoaW5nIHRoYXQgaXMgbG9uZw'
  const signedIn = answer({ ...json, 'set-cookie': `s=${cookie}; Path=/; HttpOnly; SameSite=Lax` }, '{}')
  checkAnswer(get('/'), signedIn, { canaries })
  expect(() => checkAnswer(get('/'), signedIn, { canaries })).not.toThrow()
  expect(() => checkAnswer(get('/'), answer(json, JSON.stringify({ cookie })), { canaries })).toThrow('cookie')
})

test('the console may fetch the credentials of its session again, and nobody else may see them', () => {
  const canaries = createCanaries()
  const credentials = answer(json, JSON.stringify({ secretAccessKey: 'wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY' }))
  checkAnswer(get('/console/credentials'), credentials, { canaries })
  expect(() => checkAnswer(get('/console/credentials'), credentials, { canaries })).not.toThrow()
  expect(() => checkAnswer(get('/console/session'), credentials, { canaries })).toThrow('secretAccessKey')
})
