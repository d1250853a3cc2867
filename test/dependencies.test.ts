import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { reasons } from './dependencies.ts'
import { findDependencyBreaches, type LockFile, type PackageJson } from './support/dependency-rules.ts'
import { root } from './support/run-process.ts'

function readJson<T>(file: string): T {
  return JSON.parse(fs.readFileSync(path.join(root, file), 'utf8')) as T
}

test('every package has its reason, an exact version, an allowed licence, and no install script in production', () => {
  const breaches = findDependencyBreaches(
    readJson<PackageJson>('package.json'),
    readJson<LockFile>('package-lock.json'),
    reasons,
  )
  expect(breaches).toEqual([])
})

describe('the rules catch', () => {
  const manifest = { dependencies: { a: '1.0.0' }, devDependencies: { d: '2.0.0' } }
  const locked = {
    '': manifest,
    'node_modules/a': { version: '1.0.0', license: 'MIT', optionalDependencies: { 'a-linux': '1.0.0' } },
    'node_modules/a-linux': { version: '1.0.0', license: 'MIT', os: ['linux'], cpu: ['x64'] },
    'node_modules/d': { version: '2.0.0', license: 'MPL-2.0', dev: true, hasInstallScript: true },
  }
  const why = { a: 'because', d: 'because' }
  const a = locked['node_modules/a']
  const many = (count: number, entry: object) =>
    Object.fromEntries(
      Array.from({ length: count }, (_, i) => [`node_modules/p${i}`, { version: '1.0.0', license: 'MIT', ...entry }]),
    )

  test('nothing in what is allowed', () => {
    const others = many(100, { os: ['darwin'] })
    expect(findDependencyBreaches(manifest, { packages: { ...locked, ...others } }, why)).toEqual([])
  })

  test.each<[string, PackageJson, LockFile['packages'], Record<string, string>, string]>([
    [
      'a range',
      { ...manifest, dependencies: { a: '^1.0.0' } },
      locked,
      why,
      'a: got version "^1.0.0", expected an exact one',
    ],
    ['no reason', manifest, locked, { a: 'because' }, 'd: no reason'],
    ['a reason for nothing', manifest, locked, { ...why, b: 'because' }, 'b: a reason, and no dependency'],
    [
      'an install script',
      manifest,
      { ...locked, 'node_modules/a': { ...a, hasInstallScript: true } },
      why,
      'node_modules/a has an install script',
    ],
    [
      'an unknown licence',
      manifest,
      { ...locked, 'node_modules/b': { version: '1.0.0' } },
      why,
      'node_modules/b: licence unknown',
    ],
    [
      'a licence outside the list',
      manifest,
      { ...locked, 'node_modules/a': { ...a, license: 'MPL-2.0' } },
      why,
      'licence MPL-2.0 is not allowed',
    ],
    [
      'AGPL among the tools',
      manifest,
      { ...locked, 'node_modules/d': { ...locked['node_modules/d'], license: 'AGPL-3.0-or-later' } },
      why,
      'AGPL-3.0-or-later is forbidden',
    ],
    ['too many packages', manifest, { ...locked, ...many(60, {}) }, why, '62 production packages'],
    [
      'too many direct packages',
      { dependencies: Object.fromEntries(Array.from({ length: 16 }, (_, i) => [`p${i}`, '1.0.0'])) },
      {},
      {},
      '16 direct production packages',
    ],
    ['a lock file of before', { ...manifest, devDependencies: {} }, locked, { a: 'because' }, 'other devDependencies'],
    [
      'a download address',
      manifest,
      { ...locked, 'node_modules/a': { ...a, resolved: 'https://registry/a.tgz' } },
      why,
      'names where it was downloaded from',
    ],
    [
      'a platform left out',
      manifest,
      { '': manifest, 'node_modules/a': a, 'node_modules/d': locked['node_modules/d'] },
      why,
      'optional a-linux that is not in the lock file',
    ],
  ])('%s', (_what, given, packages, because, complaint) => {
    expect(findDependencyBreaches(given, { packages }, because).join('\n')).toContain(complaint)
  })
})
