// Builds dist/ from src/ (tsc) and dist/console/ from console/ (Vite), each only when its inputs have changed.
// Run by `npm ci` (prepare), `npm start` (prestart) and `npm test`, so an up-to-date tree must cost next to nothing:
// the hash of every input is kept in dist/.build.json. In an installed package there is nothing to build.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import process from 'node:process'

const root = path.resolve(import.meta.dirname, '..')
const dist = path.join(root, 'dist')
const stampFile = path.join(dist, '.build.json')
const lockFile = path.join(dist, '.build.lock')

/** Longer than any build on a slow machine; a lock whose owner died is broken at once, whatever its age. */
const lockWaitMsMax = 300_000

const isTest = (file) => /\.test\.tsx?$/.test(file)

const parts = [
  {
    name: 'server',
    what: 'src → dist',
    source: 'src/cli/sallyport.ts',
    inputs: () => [
      ...list('src').filter((file) => !isTest(file)),
      'tsconfig.json',
      'tsconfig.build.json',
      'scripts/rolldown.config.js',
    ],
    tools: ['typescript', 'rolldown'],
    output: 'cli/sallyport.js',
    build: buildServer,
  },
  {
    name: 'console',
    what: 'console → dist/console',
    source: 'console/vite.config.ts',
    // The console may share types and tables with the server: src counts as an input as soon as it does.
    inputs: () => {
      const own = list('console').filter((file) => !isTest(file))
      const sharesSource = own.some((file) => /\.(ts|tsx)$/.test(file) && read(file).includes('/src/'))
      return sharesSource ? [...own, ...list('src').filter((file) => !isTest(file))] : own
    },
    tools: ['vite', '@cloudscape-design/components', 'react'],
    output: 'console/index.html',
    build: buildConsole,
  },
]

let holdsLock = false

main()

function main() {
  if (!fs.existsSync(path.join(root, 'src'))) return
  if (!fs.existsSync(path.join(root, 'node_modules/typescript/package.json'))) {
    if (!fs.existsSync(path.join(dist, 'cli/sallyport.js'))) {
      console.log('sallyport is not built: the development dependencies are not installed, run `npm ci`')
    }
    return
  }
  if (parts.every(isUpToDate)) return
  fs.mkdirSync(dist, { recursive: true })
  withLock(() => {
    for (const part of parts) {
      // Another process may have built it while this one waited.
      if (isUpToDate(part)) continue
      const startedAt = performance.now()
      process.stderr.write(`building ${part.what} …\n`)
      const hash = hashOf(part)
      part.build()
      fs.writeFileSync(stampFile, `${JSON.stringify({ ...readStamp(), [part.name]: hash })}\n`)
      process.stderr.write(`built ${part.what} in ${((performance.now() - startedAt) / 1000).toFixed(1)} s\n`)
    }
  })
}

function isUpToDate(part) {
  if (!fs.existsSync(path.join(root, part.source))) return true
  return fs.existsSync(path.join(dist, part.output)) && readStamp()[part.name] === hashOf(part)
}

function hashOf(part) {
  const hash = createHash('sha256')
  for (const tool of part.tools) {
    hash.update(`${tool} ${JSON.parse(read(`node_modules/${tool}/package.json`)).version}\n`)
  }
  for (const file of part.inputs().toSorted()) hash.update(`${file}\0`).update(read(file)).update('\0')
  return hash.digest('hex')
}

function readStamp() {
  try {
    return JSON.parse(fs.readFileSync(stampFile, 'utf8'))
  } catch {
    return {}
  }
}

function buildServer() {
  // tsc trusts its own record of what it has written: when an output is gone, the record must go too.
  if (!fs.existsSync(path.join(dist, 'cli/sallyport.js'))) fs.rmSync(path.join(dist, '.tsbuildinfo'), { force: true })
  run('node_modules/typescript/bin/tsc', ['-p', 'tsconfig.build.json'])
  removeOutputsWithoutSource()
  for (const file of list('src')) {
    if (/\.(ts|md)$/.test(file)) continue
    const target = path.join(dist, path.relative('src', file))
    fs.mkdirSync(path.dirname(target), { recursive: true })
    fs.copyFileSync(path.join(root, file), target)
  }
  run('node_modules/rolldown/bin/cli.mjs', ['--config', 'scripts/rolldown.config.js'])
  const cli = path.join(dist, 'cli/sallyport.js')
  if (!fs.readFileSync(cli, 'utf8').startsWith('#!')) fail('src/cli/sallyport.ts must begin with #!/usr/bin/env node')
  fs.chmodSync(cli, 0o755)
}

/** A module that was deleted or renamed must not live on in dist: a test would still find it. */
function removeOutputsWithoutSource() {
  for (const entry of fs.readdirSync(dist, { recursive: true, withFileTypes: true })) {
    const file = path.relative(dist, path.join(entry.parentPath, entry.name))
    if (!entry.isFile() || file.startsWith(`console${path.sep}`)) continue
    const source = file.replace(/(\.d\.ts|\.js)$/, '.ts')
    if (source === file || fs.existsSync(path.join(root, 'src', source))) continue
    if (fs.existsSync(path.join(root, 'src', file))) continue
    fs.rmSync(path.join(dist, file))
  }
}

function buildConsole() {
  run('node_modules/vite/bin/vite.js', ['build', '--config', 'console/vite.config.ts', '--logLevel', 'warn'])
  if (!fs.existsSync(path.join(dist, 'console/index.html'))) fail('vite wrote no dist/console/index.html')
}

function run(script, parameters) {
  const { status, stdout, stderr, error } = spawnSync(process.execPath, [script, ...parameters], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  if (status === 0) return
  process.stderr.write(stdout + stderr)
  fail(`${path.basename(script)} ${parameters.join(' ')} ${error ? error.message : `ended with ${status}`}`)
}

function fail(reason) {
  if (holdsLock) fs.rmSync(lockFile, { force: true })
  process.stderr.write(`build failed: ${reason}\n`)
  process.exit(1)
}

/** `npm start` and a test run may build at the same moment: one works, the other waits and finds it done. */
function withLock(work) {
  const until = performance.now() + lockWaitMsMax
  while (!takeLock()) {
    if (performance.now() > until) fail(`another build holds ${path.relative(root, lockFile)}`)
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100)
  }
  try {
    work()
  } finally {
    holdsLock = false
    fs.rmSync(lockFile, { force: true })
  }
}

function takeLock() {
  try {
    fs.writeFileSync(lockFile, String(process.pid), { flag: 'wx' })
    holdsLock = true
    return true
  } catch (error) {
    if (error.code !== 'EEXIST') throw error
  }
  const owner = Number(fs.existsSync(lockFile) ? fs.readFileSync(lockFile, 'utf8') : '')
  if (owner > 0 && !isAlive(owner)) fs.rmSync(lockFile, { force: true })
  return false
}

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

/** Every file below a folder, as paths from the root; empty when there is no such folder. */
function list(folder) {
  if (!fs.existsSync(path.join(root, folder))) return []
  return fs
    .readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)))
}

function read(file) {
  return fs.readFileSync(path.join(root, file))
}
