import { describe, expect, it } from 'vitest'
import { toReturnPath, toSignInAddress } from './return-path.ts'

describe('the page after sign-in (security.md V3.7.2)', () => {
  it.each(['/console/home', '/console/iam/security-credentials', '/console/iam/security-credentials/assign-mfa'])(
    '%s is a page of the console',
    (path) => {
      expect(toReturnPath(path)).toBe(path)
    },
  )

  it.each([
    null,
    undefined,
    '',
    '/',
    '/sign-in',
    '/consoleX',
    '//evil.example/console/home',
    '/\\evil.example',
    '/console/\\evil.example',
    '/console//evil.example',
    '/console/../../evil',
    '/console/%2e%2e/evil',
    '/console/home?x=//evil.example',
    '/console/home#x',
    '/console/@evil.example',
    '/console/home\n',
    'https://evil.example/console/home',
    'javascript:alert(1)//console/home',
    '/console/․․/evil',
    '／console/home',
  ])('%j leads to the start page', (path) => {
    expect(toReturnPath(path)).toBe('/console/home')
  })
})

describe('the address of the sign-in page', () => {
  it('carries the reason and the way back when a session has ended', () => {
    expect(toSignInAddress('/console/iam/security-credentials', 'session-ended')).toBe(
      '/sign-in?notice=session-ended&return=%2Fconsole%2Fiam%2Fsecurity-credentials',
    )
    expect(toSignInAddress('/console/home', 'session-ended')).toBe('/sign-in?notice=session-ended')
  })
  it('says nothing to whoever opens the console signed out', () => {
    expect(toSignInAddress('/console/home', 'sign-in-needed')).toBe('/sign-in')
  })
  it('leads nowhere after signing out', () => {
    expect(toSignInAddress('/console/iam/security-credentials', 'signed-out')).toBe('/sign-in?notice=signed-out')
  })
})
