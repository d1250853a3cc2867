// The command line as a few files instead of some 450: Node opens and links each module by itself, and Kysely alone has 279.
// A start takes a third of the time. The packages with native parts and those that are loaded on demand stay as they are.
import { defineConfig } from 'rolldown'

export default defineConfig({
  input: { 'cli/sallyport': 'src/cli/sallyport.ts' },
  platform: 'node',
  external: [/^node:/, /^(?!kysely$|\.|\/|src\/)/],
  treeshake: true,
  output: {
    dir: 'dist',
    format: 'esm',
    entryFileNames: '[name].js',
    // In dist itself: src/main.ts finds the console beside its own folder.
    chunkFileNames: '[name]-[hash].js',
    minify: false,
  },
})
