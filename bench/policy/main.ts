import { benchPolicy } from './bench.ts'

await benchPolicy(console.log)
