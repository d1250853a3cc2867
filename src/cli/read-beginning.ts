import { open } from 'node:fs/promises'

/** At most `bytesMax` bytes of a file, a pipe or a device. @throws as `open` and `read` of Node */
export async function readBeginning(path: string, bytesMax: number): Promise<Uint8Array> {
  const file = await open(path, 'r')
  try {
    const bytes = Buffer.alloc(bytesMax)
    let length = 0
    while (length < bytesMax) {
      const { bytesRead } = await file.read(bytes, length, bytesMax - length, null)
      if (bytesRead === 0) break
      length += bytesRead
    }
    return bytes.subarray(0, length)
  } finally {
    await file.close()
  }
}
