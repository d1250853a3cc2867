// Loaded into the server by `--import`: writes the delay of its event loop, in milliseconds, to SALLYPORT_LAG_FILE when it ends.
import fs from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import process from 'node:process'

const resolutionMs = 5
const delay = monitorEventLoopDelay({ resolution: resolutionMs })
// The start is not the load: measured from the first signal on.
process.once('SIGUSR2', () => {
  delay.reset()
  delay.enable()
})
process.once('exit', () => {
  const toMs = (ns) => Math.max(0, ns / 1e6 - resolutionMs)
  const values = { p50: toMs(delay.percentile(50)), p99: toMs(delay.percentile(99)), max: toMs(delay.max) }
  if (process.env.SALLYPORT_LAG_FILE) fs.writeFileSync(process.env.SALLYPORT_LAG_FILE, JSON.stringify(values))
})
