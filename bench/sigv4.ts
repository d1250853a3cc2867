/**
 * What it costs to verify a signature, against the pieces that nobody can leave out: the hash of the body, the hash of the
 * canonical request and one HMAC. All of it in one run, as ratios.
 */
import { createHmac, hash } from 'node:crypto'
import { readHeaders } from '../src/aws-api/headers.ts'
import type { FoundCredential } from '../src/aws-api/operation.ts'
import { canonicalRequest, parseQueryPairs } from '../src/aws-api/sigv4/canonical-request.ts'
import { readClaim } from '../src/aws-api/sigv4/claim.ts'
import { createSigningKeyCache, deriveSigningKey, type SigningKeyCache } from '../src/aws-api/sigv4/signing-key.ts'
import { checkTimeAndScope, isSignatureRight, stringToSign } from '../src/aws-api/sigv4/verify.ts'
import type { Caller } from '../src/core/caller.ts'
import { Secret } from '../src/core/secret.ts'

const rounds = 7
const callsPerRound = 20_000
const now = Date.UTC(2026, 0, 2, 3, 4, 5)
const secret = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY'

// A call as the AWS CLI sends it.
const body = Buffer.from('Action=GetCallerIdentity&Version=2011-06-15')
const signedHeadersText = 'content-type;host;x-amz-date'
const scope = { date: '20260102', region: 'us-east-1', service: 'sts' }
const headersWithout: readonly (readonly [string, string])[] = [
  ['Host', '127.0.0.1:4100'],
  ['Accept-Encoding', 'identity'],
  ['Content-Type', 'application/x-www-form-urlencoded; charset=utf-8'],
  ['X-Amz-Date', '20260102T030405Z'],
  ['User-Agent', 'aws-cli/2.36.7 md/awscrt#0.31.2 ua/2.1 os/linux md/arch#x86_64 lang/python#3.13 md/pyimpl#CPython'],
  ['Content-Length', String(body.length)],
]

function withSignature(signature: string): readonly (readonly [string, string])[] {
  const credential = `AKIAIOSFODNN7EXAMPLE/${scope.date}/${scope.region}/${scope.service}/aws4_request`
  const value = `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${signedHeadersText}, Signature=${signature}`
  return [...headersWithout, ['Authorization', value]]
}

const credential: FoundCredential = {
  found: true,
  caller: {} as Caller, // not looked at
  secretAccessKey: new Secret(secret),
  secretVersion: '1',
}

function signed(headers: ReadonlyMap<string, string>) {
  return { method: 'POST', path: '/', query: parseQueryPairs(''), headers, body, normalizePath: true }
}

function verify(pairs: readonly (readonly [string, string])[], keys: SigningKeyCache): boolean {
  const headers = readHeaders(pairs)
  const claim = readClaim(headers, [])
  checkTimeAndScope(claim, now, undefined)
  return isSignatureRight(claim, signed(headers.values), credential, keys)
}

/** Microseconds of processor time a call, whoever else is running: the best of several rounds, each of which runs every candidate. */
function measure(candidates: { readonly [name: string]: () => unknown }): ReadonlyMap<string, number> {
  const best = new Map<string, number>()
  for (let round = 0; round < rounds; round++)
    for (const [name, run] of Object.entries(candidates)) {
      const start = process.cpuUsage()
      for (let call = 0; call < callsPerRound; call++) run()
      const { user, system } = process.cpuUsage(start)
      const microseconds = (user + system) / callsPerRound
      best.set(name, Math.min(best.get(name) ?? microseconds, microseconds))
    }
  return best
}

/** Prints microseconds and ratios. Throws when the signature that it verifies is wrong. */
export function benchSigV4(print: (line: string) => void): void {
  const key = deriveSigningKey(secret, scope)
  const headers = readHeaders(withSignature('0'.repeat(64)))
  const text = stringToSign(readClaim(headers, []), signed(headers.values))
  const pairs = withSignature(createHmac('sha256', key).update(text).digest('hex'))
  const canonical = canonicalRequest({
    ...signed(headers.values),
    queryPairs: [],
    signedHeaders: signedHeadersText.split(';'),
    signedHeadersText,
    payloadHash: hash('sha256', body, 'hex'),
  })
  const keys = createSigningKeyCache()
  if (!verify(pairs, keys)) throw new Error('the signature of the benchmark does not verify')
  const noKeys: SigningKeyCache = { find: () => undefined, keep: () => {} }
  const figures = measure({
    pieces: () => {
      hash('sha256', body, 'hex')
      hash('sha256', canonical, 'hex')
      return createHmac('sha256', key).update(text).digest()
    },
    cached: () => verify(pairs, keys),
    uncached: () => verify(pairs, noKeys),
  })
  const pieces = figures.get('pieces') ?? Number.NaN
  for (const [name, microseconds] of figures)
    print(
      `sigv4 ${name.padEnd(8)} ${microseconds.toFixed(2).padStart(6)} µs  × ${(microseconds / pieces).toFixed(2)} of the pieces`,
    )
}
