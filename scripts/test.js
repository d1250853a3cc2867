// `npm test`: everything that must hold before a change is taken, in one run and in this order: what the tests need,
// the build, formatting and lint, types, unused code, then every test. A failure does not end the run: all are shown.
// INVARIANT(last-line): the last line is `N passed, N failed`; each check counts as one, and so does each test.
//
//     npm test                 everything, about as CI runs it
//     npm test -- --long       the same with the long rounds (SALLYPORT_LONG=1)
//     npm test -- src/policy   the checks, and only the tests whose path contains src/policy
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import process from 'node:process'

const root = path.resolve(import.meta.dirname, '..')
const onCi = process.env.CI !== undefined && !['', '0', 'false'].includes(process.env.CI)
const filters = process.argv.slice(2).filter((argument) => argument !== '--long')
// A log is read as text.
const env = process.stdout.isTTY ? { ...process.env } : { ...process.env, NO_COLOR: '1' }
if (process.argv.includes('--long')) env.SALLYPORT_LONG = '1'

let passed = 0
let failed = 0

check('chromium is here', findChromium)
check('the AWS CLI is here', findAwsCli)
if (check('build', () => node('scripts/build.js'))) {
  check('biome: format and lint', () =>
    node('node_modules/@biomejs/biome/bin/biome', 'ci', '--colors=off', '--max-diagnostics=200', '.'),
  )
  check('tsc: server, tests, bench', () => node('node_modules/typescript/bin/tsc', '--noEmit', '-p', 'tsconfig.json'))
  if (fs.existsSync(path.join(root, 'console/tsconfig.json'))) {
    check('tsc: console', () => node('node_modules/typescript/bin/tsc', '--noEmit', '-p', 'console/tsconfig.json'))
  }
  check('knip: unused files, exports, dependencies', () => node('node_modules/knip/bin/knip.js', '--no-progress'))
}
runTests()
console.log(`${passed} passed, ${failed} failed`)
process.exit(failed > 0 ? 1 : 0)

/** Runs one check, counts it, and prints its output whole when it fails. A check answers undefined or its complaint. */
function check(name, work) {
  const startedAt = performance.now()
  const complaint = work()
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
  if (complaint === undefined) {
    passed++
    console.log(`ok      ${name} (${seconds} s)`)
  } else {
    failed++
    console.log(`FAILED  ${name} (${seconds} s)\n${complaint.trimEnd()}\n`)
  }
  return complaint === undefined
}

function node(script, ...parameters) {
  return command(process.execPath, script, ...parameters)
}

function command(program, ...parameters) {
  const result = spawnSync(program, parameters, {
    cwd: root,
    env,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  if (result.status === 0) return undefined
  return (
    `${result.stdout ?? ''}${result.stderr ?? ''}${result.error ? `${result.error.message}\n` : ''}`.trim() ||
    `ended with ${result.status}`
  )
}

/** The browser tests need a Chromium: the one of CHROMIUM_PATH, or Debian's, fetched here where that is possible. */
function findChromium() {
  const candidates = process.env.CHROMIUM_PATH
    ? [process.env.CHROMIUM_PATH]
    : ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
  const find = () => candidates.find((file) => fs.existsSync(file))
  const complaint = process.env.CHROMIUM_PATH || find() ? undefined : installDebian('chromium')
  if (complaint !== undefined) return complaint
  const chromium = find()
  if (chromium === undefined) {
    return 'no Chromium found: install it (Debian: `apt-get install --no-install-recommends chromium`) or set CHROMIUM_PATH'
  }
  env.CHROMIUM_PATH = chromium
  return undefined
}

/** The system tests ask the AWS CLI: the one on the PATH, or Debian's, fetched here where that is possible. */
function findAwsCli() {
  const folders = (process.env.PATH ?? '').split(path.delimiter)
  const find = () => folders.some((folder) => fs.existsSync(path.join(folder, 'aws')))
  const complaint = find() ? undefined : installDebian('awscli')
  if (complaint !== undefined) return complaint
  return find() ? undefined : 'no AWS CLI found: install it (Debian: `apt-get install --no-install-recommends awscli`)'
}

/** Debian's package, where this is Debian and we are root; else nothing is done. Answers a complaint. */
function installDebian(name) {
  if (process.getuid?.() !== 0 || !fs.existsSync('/usr/bin/apt-get')) return undefined
  console.log(`installing ${name} for the tests …`)
  env.DEBIAN_FRONTEND = 'noninteractive'
  const complaint =
    command('apt-get', 'update', '-q') ?? command('apt-get', 'install', '-y', '-q', '--no-install-recommends', name)
  return complaint === undefined ? undefined : `${name} could not be installed:\n${complaint}`
}

function runTests() {
  const report = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'sallyport-test-')), 'report.json')
  const parameters = ['run', ...filters, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  const { status } = spawnSync(process.execPath, ['node_modules/vitest/vitest.mjs', ...parameters], {
    cwd: root,
    env,
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const results = readReport(report)
  fs.rmSync(path.dirname(report), { recursive: true })
  passed += results.passed
  failed += results.failed
  // A part that is missing must not make CI green: there, a skipped test is a failed one.
  for (const name of results.skipped) console.log(`${onCi ? 'FAILED  skipped on CI' : 'skipped'}: ${name}`)
  if (onCi) failed += results.skipped.length
  // An error outside any test (an unhandled rejection, a set-up that threw) fails the run without failing a test.
  if (status !== 0 && results.failed === 0) {
    failed++
    console.log(`FAILED  vitest ended with ${status}`)
  }
}

function readReport(file) {
  const results = { passed: 0, failed: 0, skipped: [] }
  if (!fs.existsSync(file)) return results
  const report = JSON.parse(fs.readFileSync(file, 'utf8'))
  for (const testFile of report.testResults) {
    // A file that could not be loaded has no tests to count: it is one failure.
    if (testFile.status === 'failed' && !testFile.assertionResults.some((test) => test.status === 'failed'))
      results.failed++
    for (const test of testFile.assertionResults) {
      if (test.status === 'passed') results.passed++
      else if (test.status === 'failed') results.failed++
      else results.skipped.push(`${path.relative(root, testFile.name)}: ${test.fullName}`)
    }
  }
  return results
}
