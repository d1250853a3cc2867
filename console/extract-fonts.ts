// Cloudscape's global styles carry eight cuts of Open Sans as data: URLs, 180 KB that every page would have to read before
// it paints. They become files of their own: the browser then loads the cuts it uses, and paints without waiting.
import { createHash } from 'node:crypto'
import type { Plugin } from 'vite'

const fontUrl = /data:font\/woff2;base64,([A-Za-z0-9+/=]+)/g

export function extractFonts(): Plugin {
  return {
    name: 'sallyport-extract-fonts',
    apply: 'build',
    generateBundle(_options, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type !== 'asset' || !file.fileName.endsWith('.css')) continue
        const css = typeof file.source === 'string' ? file.source : Buffer.from(file.source).toString('utf8')
        const extracted = css.replace(fontUrl, (_url, base64: string) => {
          const source = Buffer.from(base64, 'base64')
          const hash = createHash('sha256').update(source).digest('base64url').slice(0, 8)
          const fileName = `assets/open-sans-${hash}.woff2`
          this.emitFile({ type: 'asset', fileName, source })
          return `/${fileName}`
        })
        if (extracted !== css) file.source = extracted.replaceAll('@font-face{', '@font-face{font-display:swap;')
      }
    },
  }
}
