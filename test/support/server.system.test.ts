import fs from 'node:fs'
import { expect, onTestFinished, test } from 'vitest'
import { canaries } from './canaries.ts'
import { runSallyport } from './cli.ts'
import { createHttpClient } from './http-client.ts'
import { runProcess } from './run-process.ts'
import { startServer } from './server-process.ts'

test('a server is ready when it says so, and stops cleanly', async () => {
  const server = await startServer()
  expect(server.url).toBe(`http://127.0.0.1:${server.port}`)
  expect((await createHttpClient(server.url).get('/healthz')).status).toBe(200)
  expect(server.setupToken()).toMatch(/^[\w-]{20,}$/)
  expect(await server.stop()).toBe(0)
  expect(fs.existsSync(server.data)).toBe(false)
})

test('a server that is killed leaves its data to the next one', async () => {
  const killed = await startServer()
  onTestFinished(() => killed.remove())
  await killed.kill9()
  await expect(createHttpClient(killed.url).get('/healthz')).rejects.toThrow('ECONNREFUSED')
  const next = await startServer({ data: killed.data })
  expect(await next.stop()).toBe(0)
})

test('a server that cannot start fails the test, with what it said', async () => {
  await expect(startServer({ flags: ['--nonsense'] })).rejects.toThrow(
    /sallyport serve ended with [1-9][\s\S]*nonsense/,
  )
})

test('a secret in the output of a server fails the test that stops it', async () => {
  const server = await startServer()
  onTestFinished(() => server.remove())
  canaries.add(`ready ${server.url}`, 'line that this test calls a secret')
  await expect(server.stop()).rejects.toThrow('the log of the server holds the line')
})

test('a command runs to its end', async () => {
  expect(await runSallyport(['--help'])).toMatchObject({ code: 0, stderr: '' })
  expect((await runSallyport(['nonsense'])).code).not.toBe(0)
})

test('a server ends with the process that started it, however that goes', async () => {
  const script = `
    import { startServer } from './test/support/server-process.ts'
    const server = await startServer()
    process.stdout.write(server.url + ' ' + server.data)
    process.kill(process.pid, 'SIGKILL')`
  const parameters = ['--import', 'tsx', '--input-type=module', '-e', script]
  const [url = '', data = ''] = (await runProcess(process.execPath, parameters)).stdout.split(' ')
  onTestFinished(() => fs.rmSync(data, { recursive: true, force: true }))
  expect(url).toMatch(/^http:/)
  await expect
    .poll(
      () =>
        createHttpClient(url)
          .get('/healthz')
          .then(
            () => 'answers',
            (error) => error.code,
          ),
      { timeout: 10_000 },
    )
    .toBe('ECONNREFUSED')
})
