import { crc32, deflateSync } from 'node:zlib'
import type { encode } from 'uqr'

/** ISO/IEC 18004 §5.3.8: a quiet zone of four modules around the code. */
const quietModules = 4

/** AWS's picture is 250 pixels wide; ours is as wide or a little wider, in whole pixels for each module. */
const pixelsMin = 250

/** A QR code as PNG. The encoder is loaded when the first code is drawn: a start does not wait for it. */
export async function drawQrCode(text: string): Promise<Buffer> {
  const { encode } = await import('uqr')
  return paint(encode(text, { ecc: 'M', border: quietModules }))
}

function paint({ data: modules }: ReturnType<typeof encode>): Buffer {
  const scale = Math.ceil(pixelsMin / modules.length)
  const width = modules.length * scale
  const rows = modules.flatMap((row) => {
    const line = Buffer.alloc(1 + 3 * width, 0xff)
    line[0] = 0 // no filter (PNG §9.2)
    for (let x = 0; x < width; x++) if (row[Math.floor(x / scale)]) line.fill(0, 1 + 3 * x, 4 + 3 * x)
    return Array<Buffer>(scale).fill(line)
  })
  return toPng(width, rows.length, Buffer.concat(rows))
}

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]) // PNG §5.2

/** PNG (third edition, W3C): 8 bits each of red, green and blue, as AWS's, not interlaced. */
function toPng(width: number, height: number, pixels: Buffer): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.writeUInt8(8, 8) // bit depth
  header.writeUInt8(2, 9) // colour type: truecolour
  const parts = [chunk('IHDR', header), chunk('IDAT', deflateSync(pixels)), chunk('IEND', Buffer.alloc(0))]
  return Buffer.concat([signature, ...parts])
}

function chunk(type: string, data: Buffer): Buffer {
  const typed = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(data.length)
  const check = Buffer.alloc(4)
  check.writeUInt32BE(crc32(typed))
  return Buffer.concat([length, typed, check])
}
