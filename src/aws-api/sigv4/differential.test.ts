/**
 * S-25: what two signers that are not ours have signed is accepted, and refused when one character of it is another. The signers are
 * the AWS SDK's own and aws4fetch.
 */
import { createHash, createHmac } from 'node:crypto'
import { SignatureV4 } from '@smithy/signature-v4'
import { AwsV4Signer } from 'aws4fetch'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Caller } from '../../core/caller.ts'
import { Secret } from '../../core/secret.ts'
import { authenticate } from '../authenticate.ts'
import { AwsError } from '../errors.ts'
import { readHeaders } from '../headers.ts'
import { iamModel, stsModel } from '../model/service-model.ts'
import type { AwsRequest } from '../operation.ts'
import { toAmzDate } from './date.ts'
import { createSigningKeyCache } from './signing-key.ts'

const secretAccessKey = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY'
const caller = { accessKeyId: 'found' } as Caller // only passed through
const now = Date.UTC(2026, 1, 28, 23, 59, 30)
const services = new Map([iamModel(), stsModel()].map((model) => [model.signingName, { model }]))
const keys = createSigningKeyCache()
const token = 'FwoGZXIvYXdzE+token/with=characters=='
const longTerm = 'AKIAIOSFODNN7EXAMPLE'
const temporary = 'ASIAIOSFODNN7EXAMPLE'
const ids = new Map<string, string | undefined>([
  [longTerm, undefined],
  [temporary, token],
])

const accept = (request: AwsRequest) =>
  authenticate(request, readHeaders(request.headers), {
    services,
    keys,
    now,
    credentials: {
      find: async (accessKeyId, sessionToken) =>
        ids.get(accessKeyId) === sessionToken && ids.has(accessKeyId)
          ? { found: true, caller, secretAccessKey: new Secret(secretAccessKey), secretVersion: '1' }
          : { found: false, reason: 'unknown' },
    },
  })

/** What there is to sign, as a client has it. */
interface Plan {
  readonly service: 'iam' | 'sts'
  readonly region: string
  readonly temporary: boolean
  readonly form: 'header' | 'query'
  readonly method: 'GET' | 'POST'
  readonly parameters: readonly (readonly [string, string])[]
  readonly more: string
  readonly secondsAgo: number
}

// The SDK's signer keeps parameters in an object, and so loses this one.
const anyName = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }).filter((name) => name !== '__proto__')
const anyPlan: fc.Arbitrary<Plan> = fc.record({
  service: fc.constantFrom('iam', 'sts'),
  region: fc.constantFrom('us-east-1', 'eu-central-1', 'aws-global'),
  temporary: fc.boolean(),
  form: fc.constantFrom('header', 'query'),
  method: fc.constantFrom('GET', 'POST'),
  parameters: fc.uniqueArray(fc.tuple(anyName, fc.string({ unit: 'grapheme', maxLength: 20 })), {
    selector: ([name]) => name,
    maxLength: 6,
  }),
  more: fc.stringMatching(/^[a-z]( ?[ -~])*[a-z]$/),
  secondsAgo: fc.integer({ min: -890, max: 890 }),
})

const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
const formOf = (pairs: readonly (readonly [string, string])[]): string =>
  pairs.map(([name, value]) => `${encode(name)}=${encode(value)}`).join('&')

const host = 'localhost:4100'
const keyId = (plan: Plan): string => (plan.temporary ? temporary : longTerm)

function toRequest(method: string, query: string, headers: Record<string, string>, body: string): AwsRequest {
  return {
    method,
    path: '/',
    query,
    headers: Object.entries(headers),
    body: Buffer.from(body),
    sourceIp: '127.0.0.1',
    host,
  }
}

class Sha256 {
  readonly #hash
  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    const key = secret instanceof ArrayBuffer ? new Uint8Array(secret) : secret
    this.#hash = key === undefined ? createHash('sha256') : createHmac('sha256', key as string | Uint8Array)
  }
  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.#hash.update(data instanceof ArrayBuffer ? new Uint8Array(data) : (data as string | Uint8Array))
  }
  async digest(): Promise<Uint8Array> {
    return this.#hash.digest()
  }
}

async function signWithSdk(plan: Plan): Promise<AwsRequest> {
  const credentials = { accessKeyId: keyId(plan), secretAccessKey, ...(plan.temporary && { sessionToken: token }) }
  const signer = new SignatureV4({ credentials, service: plan.service, region: plan.region, sha256: Sha256 })
  const form = formOf(plan.parameters)
  const inBody = plan.method === 'POST'
  const request = {
    method: plan.method,
    protocol: 'http:',
    hostname: 'localhost',
    port: 4100,
    path: '/',
    query: inBody ? {} : Object.fromEntries(plan.parameters),
    headers: { host, 'content-type': 'application/x-www-form-urlencoded', 'my-header': plan.more },
    ...(inBody && { body: form }),
  }
  const signingDate = new Date(now - plan.secondsAgo * 1000)
  const signed =
    plan.form === 'header'
      ? await signer.sign(request, { signingDate })
      : await signer.presign(request, { signingDate, expiresIn: 900 })
  return toRequest(
    plan.method,
    formOf(Object.entries(signed.query ?? {}) as [string, string][]),
    signed.headers,
    inBody ? form : '',
  )
}

async function signWithAws4fetch(plan: Plan): Promise<AwsRequest> {
  const form = formOf(plan.parameters)
  const inBody = plan.method === 'POST'
  const url = new URL(`http://${host}/`)
  if (!inBody) url.search = form
  if (plan.form === 'query') url.searchParams.set('X-Amz-Expires', '900')
  const signer = new AwsV4Signer({
    method: plan.method,
    url: url.href,
    headers: { 'content-type': 'application/x-www-form-urlencoded', 'my-header': plan.more },
    ...(inBody && { body: form }),
    accessKeyId: keyId(plan),
    secretAccessKey,
    ...(plan.temporary && { sessionToken: token }),
    service: plan.service,
    region: plan.region,
    datetime: toAmzDate(now - plan.secondsAgo * 1000),
    signQuery: plan.form === 'query',
  })
  const signed = await signer.sign()
  const headers = { host, ...Object.fromEntries(signed.headers) }
  return toRequest(plan.method, signed.url.search.slice(1), headers, inBody ? form : '')
}

/** Every character that a signature covers, as a place and what stands there. */
type Place = { readonly in: 'body' | 'query' | number; readonly at: number }

function signedPlaces(request: AwsRequest): Place[] {
  const authorization = request.headers.find(([name]) => name.toLowerCase() === 'authorization')?.[1]
  const signedHeaders = decodeURIComponent(
    /SignedHeaders=([^,&]*)/.exec(authorization ?? request.query)?.[1] ?? '',
  ).split(';')
  const places: Place[] = []
  const add = (where: Place['in'], text: string): void => {
    // A letter or digit for another one: never only a change of case, of an escape's case or of white space.
    for (const found of text.matchAll(/[A-Za-z0-9]/g)) places.push({ in: where, at: found.index })
  }
  add('body', request.body.toString('latin1'))
  add('query', request.query)
  for (const [index, [name, value]] of request.headers.entries())
    if (signedHeaders.includes(name.toLowerCase()) || name.toLowerCase() === 'authorization') add(index, value)
  return places
}

const otherCharacter = (character: string): string =>
  /[0-8a-y]/i.test(character) ? String.fromCharCode(character.charCodeAt(0) + 1) : '7'
const changed = (text: string, at: number): string =>
  text.slice(0, at) + otherCharacter(text.charAt(at)) + text.slice(at + 1)

function change(request: AwsRequest, place: Place): AwsRequest {
  if (place.in === 'body')
    return { ...request, body: Buffer.from(changed(request.body.toString('latin1'), place.at), 'latin1') }
  if (place.in === 'query') return { ...request, query: changed(request.query, place.at) }
  const headers = request.headers.map(
    ([name, value], index) => [name, index === place.in ? changed(value, place.at) : value] as const,
  )
  return { ...request, headers }
}

const isRefused = (request: AwsRequest): Promise<boolean> =>
  accept(request).then(
    () => false,
    (error) => error instanceof AwsError,
  )

describe.each([
  ['the AWS SDK', signWithSdk],
  ['aws4fetch', signWithAws4fetch],
])('requests signed by %s', (_, sign) => {
  it('are accepted, and refused with one character changed', { timeout: 120_000 }, async () => {
    let accepted = 0
    await fc.assert(
      fc.asyncProperty(anyPlan, fc.nat(), async (plan, choice) => {
        const request = await sign(plan)
        const { caller: found, region, service } = await accept(request)
        expect(found).toBe(caller)
        expect([region, service.model.service]).toEqual([plan.region, plan.service])
        const places = signedPlaces(request)
        const place = places[choice % places.length]
        if (place) expect(await isRefused(change(request, place)), JSON.stringify(place)).toBe(true)
        accepted++
      }),
      { numRuns: 1_100 },
    )
    expect(accepted).toBeGreaterThanOrEqual(1_100)
  })
})
