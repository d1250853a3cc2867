import type { PNG } from 'pngjs'
import type { encode } from 'uqr'

/** ISO/IEC 18004 §5.3.8: a quiet zone of four modules around the code. */
const quietModules = 4

/** AWS's picture is 250 pixels wide (aws-behaviour: §1.3); ours is as wide or a little wider, in whole pixels for each module. */
const pixelsMin = 250

/** A QR code as PNG. Both libraries are loaded when the first code is drawn: a start does not wait for them. */
export async function drawQrCode(text: string): Promise<Buffer> {
  const [{ encode }, { PNG }] = await Promise.all([import('uqr'), import('pngjs')])
  return paint(encode(text, { ecc: 'M', border: quietModules }), PNG)
}

function paint({ data: modules }: ReturnType<typeof encode>, Png: typeof PNG): Buffer {
  const scale = Math.ceil(pixelsMin / modules.length)
  const width = modules.length * scale
  const png = new Png({ width, height: width, colorType: 2 })
  png.data.fill(0xff)
  for (let y = 0; y < width; y++) {
    for (let x = 0; x < width; x++) {
      // Red, green and blue; the fourth byte stays opaque.
      if (modules[Math.floor(y / scale)]?.[Math.floor(x / scale)])
        png.data.fill(0, 4 * (y * width + x), 4 * (y * width + x) + 3)
    }
  }
  return Png.sync.write(png)
}
