import { describe, expect, it } from 'vitest'
import { answerFormat } from './answer.ts'
import { toEnglishTime } from './recorded-fields.ts'
import { isAwsRequest } from './route.ts'

describe('a request is for the AWS API', () => {
  const plain = { method: 'GET', path: '/', query: '', headers: [] as [string, string][] }
  const form: [string, string] = ['Content-Type', 'application/x-www-form-urlencoded; charset=utf-8']

  it.each<[string, Partial<typeof plain>, boolean]>([
    ['with a signature', { headers: [['authorization', 'AWS4-HMAC-SHA256 Credential=x']], path: '/any' }, true],
    ['with an old signature', { headers: [['Authorization', 'AWS AKIA:x']] }, true],
    ['with a target', { headers: [['X-Amz-Target', 'x']] }, true],
    ['presigned', { query: 'Version=1&X-Amz-Algorithm=AWS4-HMAC-SHA256' }, true],
    ['with an action in its URL', { query: 'Action=GetUser' }, true],
    ['an unsigned form to /', { method: 'POST', headers: [form] }, true],
    ['a page', {}, false],
    ['a page with a parameter that only contains the word', { query: 'myAction=x' }, false],
    ['a form to another path', { method: 'POST', path: '/signin', headers: [form] }, false],
    ['JSON to /', { method: 'POST', headers: [['Content-Type', 'application/json']] }, false],
    ['another authorization', { headers: [['Authorization', 'Bearer x']] }, false],
  ])('%s: %j → %s', (_, request, expected) => {
    expect(isAwsRequest({ ...plain, ...request })).toBe(expected)
  })
})

it.each([
  [undefined, 'xml'],
  ['*/*', 'xml'],
  ['application/json', 'json'],
  ['application/json, text/xml', 'xml'],
  ['text/html', 'xml'],
])('Accept: %s is answered in %s', (accept, format) => {
  expect(answerFormat(accept)).toBe(format)
})

it.each([
  [Date.UTC(2024, 9, 25, 21, 7, 11), 'Oct 25, 2024, 9:07:11 PM'],
  [Date.UTC(2024, 0, 1, 0, 0, 0), 'Jan 1, 2024, 12:00:00 AM'],
  [Date.UTC(2024, 11, 31, 12, 30, 5), 'Dec 31, 2024, 12:30:05 PM'],
])('aws-behaviour §6.6: %d is recorded as %s', (time, text) => {
  expect(toEnglishTime(time)).toBe(text)
})
