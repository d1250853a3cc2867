import { execFileSync } from 'node:child_process'
import path from 'node:path'

/** Real processes run what is built: a run of single files must not test yesterday's build. */
export default function setup(): void {
  const root = path.resolve(import.meta.dirname, '../..')
  execFileSync(process.execPath, ['scripts/build.js'], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] })
}
