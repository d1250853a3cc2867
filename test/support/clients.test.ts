import { GetUserCommand } from '@aws-sdk/client-iam'
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts'
import { expect, test } from 'vitest'
import { createHttpClient } from './http-client.ts'
import { sdkClients } from './sdk.ts'
import { jsonHeaders, stubServer } from './stub-server.ts'

const credentials = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' }

test('the client keeps cookies, sends them back, and drops those that the server ends', async () => {
  const client = createHttpClient(
    await stubServer((request, response) => {
      if (request.url === '/in')
        response.setHeader('Set-Cookie', ['a=1; Path=/; HttpOnly; SameSite=Lax', 'b=2; Path=/; HttpOnly; SameSite=Lax'])
      if (request.url === '/out') response.setHeader('Set-Cookie', 'a=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0')
      response.writeHead(200, jsonHeaders).end(JSON.stringify({ cookie: request.headers.cookie ?? '' }))
    }),
  )
  expect((await client.get('/in')).json()).toEqual({ cookie: '' })
  expect((await client.get('/')).json()).toEqual({ cookie: 'a=1; b=2' })
  const other = client.clone()
  await client.get('/out')
  expect((await client.get('/')).json()).toEqual({ cookie: 'b=2' })
  expect((await other.get('/')).json()).toEqual({ cookie: 'a=1; b=2' })
})

test('the client sends path, headers and body as they are given', async () => {
  const client = createHttpClient(
    await stubServer((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk) => chunks.push(chunk))
      request.on('end', () => {
        const seen = {
          method: request.method,
          url: request.url,
          x: request.headersDistinct['x-twice'],
          body: Buffer.concat(chunks).toString(),
        }
        response.writeHead(200, jsonHeaders).end(JSON.stringify(seen))
      })
    }),
  )
  const headers: [string, string][] = [
    ['X-Twice', 'one'],
    ['X-Twice', 'two'],
  ]
  const raw = await client.request('/a/../b?x=%zz&y', { headers })
  expect(raw.json()).toEqual({ method: 'GET', url: '/a/../b?x=%zz&y', x: ['one', 'two'], body: '' })
  const posted = await client.post('/p', { a: 1 })
  expect(posted.json()).toMatchObject({ method: 'POST', body: '{"a":1}' })
})

test('an answer of the client that breaks a rule fails the test', async () => {
  const client = createHttpClient(
    await stubServer((_request, response) => response.writeHead(200, { 'Content-Type': 'text/html' }).end('<p>')),
  )
  await expect(client.get('/')).rejects.toThrow(/x-content-type-options.*cache-control.*content-type/)
})

test('an answer of the SDK passes the hook and is then read by AWS’s own parser', async () => {
  const endpoint = await stubServer((_request, response) =>
    response
      .writeHead(200, { ...jsonHeaders, 'Content-Type': 'text/xml' })
      .end(
        '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>',
      ),
  )
  expect((await sdkClients(endpoint, credentials).sts.send(new GetCallerIdentityCommand({}))).Account).toBe(
    '123456789012',
  )
})

test('an answer of the SDK that breaks a rule fails the test', async () => {
  const endpoint = await stubServer((_request, response) =>
    response
      .writeHead(200, { ...jsonHeaders, 'Content-Type': 'text/xml' })
      .end('<GetUserResponse>\u0001</GetUserResponse>'),
  )
  await expect(sdkClients(endpoint, credentials).iam.send(new GetUserCommand({}))).rejects.toThrow(
    'not well-formed XML',
  )
})
