/** Which part may know which (ARCHITECTURE.md): the table that the architecture test holds the tree to. */
import path from 'node:path'
import type { Import, SourceModule } from './source-modules.ts'

/** Folders of `src`, and what each may import besides itself. `*`: everything. Nobody else imports cloudtrail. */
const bases = ['core', 'policy', 'credentials', 'aws-api', 'storage']
const services = ['accounts', 'iam', 'sts', 'organizations', 'rate-limits', 'notify']

export const allowedImports: { readonly [part: string]: readonly string[] | '*' } = {
  core: [],
  policy: ['core'],
  credentials: ['core'],
  'aws-api': ['core'],
  storage: ['core'],
  accounts: bases,
  'rate-limits': bases,
  notify: bases,
  cloudtrail: [...bases, 'accounts'],
  organizations: [...bases, 'accounts'],
  iam: [...bases, 'accounts', 'rate-limits'],
  sts: [...bases, 'iam', 'accounts', 'organizations', 'rate-limits'],
  authorization: [...bases, 'accounts', 'iam', 'sts', 'organizations'],
  'sign-in': ['core', 'policy', 'credentials', 'storage', ...services],
  http: ['core', 'credentials', 'aws-api', 'sign-in'],
  cli: ['core', 'policy', 'credentials', 'storage', 'cloudtrail', 'main', ...services],
  'cli/serve': '*',
  main: '*',
}

/** Parts that compute and touch nothing: usable in a browser, a test, another program. */
const pure = ['core', 'policy', 'credentials', 'aws-api']
const harmlessBuiltins = ['node:assert', 'node:buffer', 'node:crypto', 'node:util', 'node:zlib', 'node:string_decoder']

/** Where the world comes in: the clock, the source of randomness, the environment. */
const places: { readonly [what: string]: readonly string[] } = {
  'Date.now': ['src/core/clock.ts', 'src/cli/', 'src/main.ts'],
  'new Date()': ['src/core/clock.ts', 'src/cli/', 'src/main.ts'],
  'Date()': [],
  'Math.random': [],
  'process.env': ['src/cli/', 'src/main.ts'],
  console: ['src/cli/'],
}

const randomFunctions = ['randomBytes', 'randomUUID', 'randomInt', 'randomFill', 'randomFillSync', 'getRandomValues']
const randomPlaces = ['src/core/random.ts', 'src/cli/', 'src/main.ts']

const linesMax = 400
/** Tables of facts, read by looking things up and not from top to bottom. */
const factTables = [
  /\.generated\.ts$/,
  /^src\/aws-api\/model\//,
  /(^|\/)lists?\//,
  /-lists?\.ts$/,
  /^test\/policy\/aws-guide-/,
]

/** Every breach, as `file:line: what is wrong`. */
export function findBreaches(modules: readonly SourceModule[]): readonly string[] {
  const sources = modules.filter(({ file }) => file.startsWith('src/') && !isTest(file))
  return [
    ...sources.flatMap((module) => module.imports.flatMap((item) => importBreach(module.file, item, modules))),
    ...sources.flatMap(ambientBreaches),
    ...modules.flatMap(lengthBreach),
    ...findCycles(sources).map((cycle) => `import cycle: ${cycle.join(' → ')}`),
  ]
}

function isTest(file: string): boolean {
  return /\.test\.tsx?$/.test(file)
}

/** `src/iam/users/create-user.ts` is of `iam`, `src/cli/serve.ts` of `cli/serve`; the files beside the folders are `main`. */
function partOf(file: string): string {
  if (/^src\/cli\/serve(\.ts$|\/)/.test(file)) return 'cli/serve'
  return /^src\/([^/]+)\//.exec(file)?.[1] ?? 'main'
}

function importBreach(file: string, { specifier, names, line }: Import, all: readonly SourceModule[]): string[] {
  const breach = (text: string) => [`${file}:${line}: ${text}`]
  const part = partOf(file)
  const allowed = allowedImports[part]
  if (allowed === undefined) return breach(`"${part}" has no row in the table of allowed imports`)
  // The command line loads optional packages by name.
  if (specifier === '(computed)') return part === 'cli' ? [] : breach('a computed import cannot be checked')
  if (!specifier.startsWith('.')) {
    const isBuiltin = specifier.startsWith('node:')
    if (isBuiltin && pure.includes(part) && !harmlessBuiltins.includes(specifier)) {
      return breach(`${part} is pure, and imports "${specifier}"`)
    }
    const random = specifier === 'node:crypto' ? names.find((name) => randomFunctions.includes(name)) : undefined
    if (random && !randomPlaces.some((place) => file.startsWith(place)))
      return breach(`${random} beside core/random.ts`)
    if (specifier === 'node:process' && names.includes('env')) return breach('process.env by another name')
    return []
  }
  const target = path.posix.join(path.posix.dirname(file), specifier)
  if (!target.startsWith('src/')) return breach(`imports "${specifier}" from outside src`)
  if (isTest(target)) return breach(`imports the test "${specifier}"`)
  if (target.endsWith('.ts') && !all.some((module) => module.file === target))
    return breach(`"${specifier}" does not exist`)
  const targetPart = partOf(target)
  const own = part === 'cli/serve' ? ['cli/serve', 'cli'] : [part]
  if (allowed === '*' || own.includes(targetPart) || allowed.includes(targetPart)) return []
  // The entry of the command line hands over to its commands.
  if (file === 'src/cli/sallyport.ts' && targetPart === 'cli/serve') return []
  return breach(`${part} may not import ${targetPart} ("${specifier}")`)
}

function ambientBreaches({ file, ambient }: SourceModule): readonly string[] {
  return ambient
    .filter(({ what }) => !(places[what] ?? []).some((place) => file.startsWith(place)))
    .map(({ what, line }) => `${file}:${line}: ${what} has no place here, it is passed in`)
}

function lengthBreach({ file, lineCount }: SourceModule): readonly string[] {
  if (lineCount <= linesMax || factTables.some((pattern) => pattern.test(file))) return []
  return [`${file}: ${lineCount} lines, at most ${linesMax}`]
}

/** One cycle for each knot of files that import each other, types included. */
export function findCycles(modules: readonly SourceModule[]): readonly (readonly string[])[] {
  const known = new Map(modules.map((module) => [module.file, module]))
  const done = new Set<string>()
  const cycles: string[][] = []
  const visit = (file: string, trail: readonly string[]): void => {
    const begin = trail.indexOf(file)
    if (begin >= 0) {
      cycles.push([...trail.slice(begin), file])
      return
    }
    if (done.has(file)) return
    for (const { specifier } of known.get(file)?.imports ?? []) {
      const target = path.posix.join(path.posix.dirname(file), specifier)
      if (specifier.startsWith('.') && known.has(target)) visit(target, [...trail, file])
    }
    done.add(file)
  }
  for (const file of known.keys()) visit(file, [])
  return cycles
}
