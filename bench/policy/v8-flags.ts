/**
 * Imported before Cedar: on Node 20, V8 sometimes crashes ("unreachable code", in its deoptimizer) when it inlines calls between
 * JavaScript and Cedar's WebAssembly. Without that inlining no run crashed; ours has no WebAssembly.
 */
import { setFlagsFromString } from 'node:v8'

setFlagsFromString('--no-turbo-inline-js-wasm-calls')
