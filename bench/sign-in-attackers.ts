/**
 * Connections that are in the owner's way, in a process of their own: `tsx bench/sign-in-attackers.ts URL COUNT MODE`. Each asks for the
 * password of a made-up name to be looked at, again and again. Prints `ready`, and when its input ends what answers it got.
 */
import net from 'node:net'
import type { Challenge } from '../src/credentials/proof-of-work.ts'
import { solveChallenge } from '../test/support/solve-proof-of-work.ts'
import { newLoadBrowser } from './load-browser.ts'

/** `ask`: without doing the work that is asked for. `work`: doing it. `drop`: doing it, and hanging up once it is sent. */
export type AttackMode = 'ask' | 'work' | 'drop'

const [url = '', count = '0', mode = 'ask'] = process.argv.slice(2)
const seen = new Map<string, number>()
let running = true

async function attack(worker: number): Promise<void> {
  const browser = newLoadBrowser(url)
  await browser.open()
  for (let n = 0; running; n++) {
    const form = { account: '111122223333', userName: `made-up-${worker}-${n}`, password: 'not this one' }
    let answer = await browser.post('/sign-in/iam-user', form)
    if (answer.body.error?.code === 'ProofOfWorkRequired' && mode !== 'ask') {
      const proofOfWork = solveChallenge(answer.body['challenge'] as Challenge).proof
      if (mode === 'drop') {
        await sendAndHangUp(browser.requestText('/sign-in/iam-user', { ...form, proofOfWork }))
        seen.set('hung up', (seen.get('hung up') ?? 0) + 1)
        continue
      }
      answer = await browser.post('/sign-in/iam-user', { ...form, proofOfWork })
    }
    const key = `${answer.status} ${answer.body.error?.code ?? ''}`
    seen.set(key, (seen.get(key) ?? 0) + 1)
  }
  browser.close()
}

function sendAndHangUp(text: string): Promise<void> {
  return new Promise((resolve) => {
    const socket = net.connect(Number(new URL(url).port), '127.0.0.1', () => {
      socket.write(text, () => {
        socket.destroy()
        resolve()
      })
    })
    socket.on('error', () => resolve())
  })
}

const attacks = Array.from({ length: Number(count) }, (_, worker) => attack(worker))
console.log('ready')
process.stdin.resume()
process.stdin.once('end', async () => {
  running = false
  await Promise.all(attacks)
  console.log(JSON.stringify(Object.fromEntries(seen)))
  process.exit(0)
})
