/** `npm run bench [NAME …]`: every measurement, or those named, each against its peer in the same run. */
import { benchHttp } from './http.ts'
import { benchPassword } from './password.ts'
import { benchPolicy } from './policy/bench.ts'
import { benchScale } from './scale.ts'
import { benchSignInLoad } from './sign-in-load.ts'
import { benchSigV4 } from './sigv4.ts'
import { benchTotp } from './totp.ts'

const benches = {
  totp: benchTotp,
  sigv4: benchSigV4,
  password: benchPassword,
  http: benchHttp,
  load: benchSignInLoad,
  scale: benchScale,
  policy: benchPolicy,
} as const

const names = process.argv.slice(2)
const unknown = names.filter((name) => !Object.hasOwn(benches, name))
if (unknown.length > 0) {
  console.error(`no bench ${unknown.join(', ')}: there are ${Object.keys(benches).join(', ')}`)
  process.exit(2)
}
for (const [name, bench] of Object.entries(benches)) {
  if (names.length > 0 && !names.includes(name)) continue
  console.log(`\n# ${name}`)
  await bench((line) => console.log(line))
}
