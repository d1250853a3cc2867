/** AWS's own signing test suite: test/vectors/sigv4/README.md tells its source and what looks odd in it. */
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Caller } from '../../core/caller.ts'
import { Secret } from '../../core/secret.ts'
import { readHeaders } from '../headers.ts'
import type { FoundCredential } from '../operation.ts'
import { parseQueryPairs } from './canonical-request.ts'
import { readClaim } from './claim.ts'
import { createSigningKeyCache } from './signing-key.ts'
import { checkTimeAndScope, isSignatureRight } from './verify.ts'

const folder = new URL('../../../test/vectors/sigv4/', import.meta.url)
const names = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name)

const credential: FoundCredential = {
  found: true,
  caller: {} as Caller, // not looked at
  secretAccessKey: new Secret('wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY'),
  secretVersion: '1',
}
const signedAt = Date.UTC(2015, 7, 30, 12, 36)

interface SuiteRequest {
  method: string
  path: string
  query: string
  headers: [string, string][]
  body: Buffer
}

/** One character for each byte, as node:http gives them. */
function parse(text: string): SuiteRequest {
  const bodyStart = text.indexOf('\n\n')
  const [requestLine = '', ...lines] = text.slice(0, bodyStart).split('\n')
  const method = requestLine.slice(0, requestLine.indexOf(' '))
  const target = requestLine.slice(method.length + 1, requestLine.lastIndexOf(' '))
  const [path = '', query = ''] = target.split(/\?(.*)/s)
  const headers: [string, string][] = []
  for (const line of lines) {
    const last = headers.at(-1)
    // A line that begins with a space: the suite reads it as one more value of the field before it.
    if (line.startsWith(' ') && last) headers.push([last[0], line.trim()])
    else headers.push([line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)])
  }
  return { method, path, query, headers, body: Buffer.from(text.slice(bodyStart + 2), 'latin1') }
}

function read(name: string, form: 'header' | 'query'): SuiteRequest {
  const request = parse(readFileSync(new URL(`${name}/${form}-signed-request.txt`, folder), 'latin1'))
  const signedHeaders = decodeURIComponent(
    /SignedHeaders=([^,&]*)/.exec(request.query + request.headers)?.[1] ?? '',
  ).split(';')
  // We refuse x-amz-* headers that are there and not signed, which the suite leaves lying about.
  request.headers = request.headers.filter(
    ([header]) => !header.toLowerCase().startsWith('x-amz-') || signedHeaders.includes(header.toLowerCase()),
  )
  if (form === 'query' && signedHeaders.includes('x-amz-content-sha256'))
    request.headers.push(['x-amz-content-sha256', '9095672bbd1f56dfc5b65f3e153adc8731a4a654192329106275f4c7b24d0b6e'])
  if (form === 'query') {
    // Signed with one token and printed with two.
    request.query = request.query.replace(/(&X-Amz-Security-Token=\w+)(.*)\1/, '$1$2')
    // Signed without a life, which we do not accept; what is signed must stay as it is.
    if (!request.query.includes('X-Amz-Expires'))
      request.query = request.query.replace('X-Amz-Signature', 'X-Amz-Expires=1&$&')
  }
  return request
}

function verify(request: SuiteRequest, name: string): boolean {
  const headers = readHeaders(request.headers)
  const query = parseQueryPairs(request.query)
  const claim = readClaim(headers, query)
  checkTimeAndScope(claim, signedAt, undefined)
  const withoutLife = name === 'get-space-unnormalized' || name === 'post-vanilla-query'
  const signed = {
    method: request.method,
    path: request.path,
    query: withoutLife ? query.filter(([parameter]) => parameter !== 'X-Amz-Expires') : query,
    headers: headers.values,
    body: request.body,
    normalizePath: !name.endsWith('-unnormalized'),
  }
  return isSignatureRight(claim, signed, credential, createSigningKeyCache())
}

describe('the suite of AWS', () => {
  it('has 38 cases', () => expect(names).toHaveLength(38))

  it.each(names)('%s, signed in the header', (name) => expect(verify(read(name, 'header'), name)).toBe(true))
  it.each(names)('%s, signed in the query', (name) => expect(verify(read(name, 'query'), name)).toBe(true))

  it.each(names)('%s with another method is not what was signed', (name) => {
    for (const form of ['header', 'query'] as const)
      expect(verify({ ...read(name, form), method: 'PUT' }, name)).toBe(false)
  })

  it('tells paths with and without normalisation apart', () => {
    const changed = names.filter((name) => name.endsWith('-unnormalized') && name !== 'get-space-unnormalized')
    expect(changed.length).toBeGreaterThan(5)
    for (const name of changed) expect(verify(read(name, 'header'), name.replace('-unnormalized', ''))).toBe(false)
  })
})
