/** A place for a data folder that can be filled up and emptied while a server runs on it. */
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'

export interface SmallDisk {
  /** For the data; on the disk that gets full. */
  readonly folder: string
  readonly kind: 'tmpfs' | 'file size limit'
  /** From now on nothing more can be written. `pid`: the server. */
  fill(pid: number): void
  free(pid: number): void
  remove(): void
}

const diskBytes = 24 * 1024 * 1024

/** A small file system of its own; where none may be mounted, a limit on the size of the server's files. */
export function makeSmallDisk(): SmallDisk {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sallyport-disk-'))
  return mountTmpfs(folder) ? tmpfs(folder) : fileSizeLimit(folder)
}

function mountTmpfs(folder: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${diskBytes}`, 'sallyport-test', folder], { stdio: 'pipe' })
    return true
  } catch {
    return false
  }
}

function tmpfs(folder: string): SmallDisk {
  const filler = path.join(folder, 'filler')
  return {
    folder: path.join(folder, 'data'),
    kind: 'tmpfs',
    fill: () => {
      const descriptor = fs.openSync(filler, 'a')
      try {
        for (let size = 1024 * 1024; size >= 1; ) {
          try {
            // What fits is written, so that a short write is followed by one that fails.
            fs.writeSync(descriptor, Buffer.alloc(size))
          } catch (error) {
            if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
            size = Math.floor(size / 2)
          }
        }
      } finally {
        fs.closeSync(descriptor)
      }
    },
    free: () => fs.rmSync(filler, { force: true }),
    remove: () => {
      // Lazily: a store that this process had open there closes its files a moment after it was told to.
      execFileSync('umount', ['--lazy', folder])
      fs.rmSync(folder, { recursive: true })
    },
  }
}

/** Below what any file of the store already has: nothing can grow, and what is there cannot be written anew. */
const limitBytes = 4096

export function fileSizeLimit(folder: string): SmallDisk {
  // The soft limit only: it can be lifted again without privileges.
  const limit = (pid: number, soft: number | 'unlimited') =>
    execFileSync('prlimit', ['--pid', String(pid), `--fsize=${soft}:`], { stdio: 'pipe' })
  return {
    folder: path.join(folder, 'data'),
    kind: 'file size limit',
    fill: (pid) => void limit(pid, limitBytes),
    free: (pid) => void limit(pid, 'unlimited'),
    remove: () => fs.rmSync(folder, { recursive: true }),
  }
}
