import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { canaries } from './canaries.ts'
import { runProcess } from './run-process.ts'
import { scanFolder } from './server-process.ts'

test('a program gets its input and its own environment, and its exit code is told', async () => {
  const script =
    'process.stdin.on("data", (t) => console.log(String(t), process.env.OWN, process.env.VITEST)); process.stdin.on("end", () => { process.exitCode = 3 })'
  const { code, stdout } = await runProcess(process.execPath, ['-e', script], { input: 'in', env: { OWN: 'own' } })
  expect({ code, stdout }).toEqual({ code: 3, stdout: 'in own undefined\n' })
})

test('a program that does not exist fails the test', async () => {
  await expect(runProcess('/no/such/program', [])).rejects.toThrow('ENOENT')
})

test('a secret in a data folder is found, however deep', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sallyport-scan-'))
  onTestFinished(() => fs.rmSync(folder, { recursive: true }))
  fs.mkdirSync(path.join(folder, 'a/b'), { recursive: true })
  fs.writeFileSync(path.join(folder, 'a/b/c.db'), 'nothing here')
  canaries.add('a secret of this test', 'password')
  expect(() => scanFolder(folder)).not.toThrow()
  fs.appendFileSync(path.join(folder, 'a/b/c.db'), Buffer.from('a secret of this test').toString('base64'))
  expect(() => scanFolder(folder)).toThrow(/a\/b\/c\.db holds the password/)
})
