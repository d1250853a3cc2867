// Builds the console into dist/console: hashed files under assets/, each with a .br and a .gz beside it, so that the server
// only picks one. Nothing is inlined into index.html, because the content security policy forbids inline code.
import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { extractFonts } from './extract-fonts.ts'
import { precompress } from './precompress.ts'

// A build that a test run starts inherits NODE_ENV=test, and would bundle React's and Cloudscape's slow development halves.
process.env['NODE_ENV'] = 'production'

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

export default defineConfig({
  root: here('.'),
  base: '/',
  publicDir: false,
  plugins: [react(), extractFonts(), precompress()],
  worker: { format: 'es' },
  build: {
    outDir: here('../dist/console'),
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    license: { fileName: 'third-party-licenses.md' },
    rolldownOptions: { checks: { pluginTimings: false } }, // strongest compression takes its seconds, knowingly
    chunkSizeWarningLimit: 1200, // KB; Cloudscape's console parts are one lazy chunk, compressed to a quarter
  },
})
