/** What a source file says of itself, by Vite's own parser: comments and strings that look like code are not code. */
import fs from 'node:fs'
import path from 'node:path'
import { parseSync } from 'vite'
import { root } from './run-process.ts'

export interface SourceModule {
  /** From the root of the checkout, with `/`. */
  readonly file: string
  readonly lineCount: number
  readonly imports: readonly Import[]
  /** `Date.now`, `new Date()`, `Math.random`, `process.env`, `console`: each with its line. */
  readonly ambient: readonly { readonly what: string; readonly line: number }[]
}

export interface Import {
  readonly specifier: string
  readonly names: readonly string[]
  readonly line: number
}

interface Node {
  readonly type: string
  readonly start: number
  readonly [member: string]: unknown
}

/** Throws for what is not TypeScript. */
export function readModule(file: string, text: string): SourceModule {
  const { program, errors } = parseSync(file, text)
  if (errors[0]) throw new SyntaxError(`${file}: ${errors[0].message}`)
  const lineOf = (node: Node) => text.slice(0, node.start).split('\n').length
  const imports: Import[] = []
  const ambient: { what: string; line: number }[] = []
  walk(program as unknown as Node, (node) => {
    const specifier = specifierOf(node)
    if (specifier !== undefined) imports.push({ specifier, names: namesOf(node), line: lineOf(node) })
    const what = ambientOf(node)
    if (what !== undefined) ambient.push({ what, line: lineOf(node) })
  })
  return { file, lineCount: text.replace(/\n$/, '').split('\n').length, imports, ambient }
}

/** Every TypeScript file below a folder. */
export function listSources(folder: string): readonly string[] {
  const absolute = path.join(root, folder)
  if (!fs.existsSync(absolute)) return []
  return fs
    .readdirSync(absolute, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.[cm]?tsx?$/.test(file) && !/(^|\/)(node_modules|dist)\//.test(file))
    .map((file) => path.posix.join(folder, file.split(path.sep).join('/')))
    .toSorted()
}

export function readSources(folder: string): readonly SourceModule[] {
  return listSources(folder).map((file) => readModule(file, fs.readFileSync(path.join(root, file), 'utf8')))
}

function walk(node: Node, visit: (node: Node) => void): void {
  visit(node)
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) {
      if (typeof child === 'object' && child !== null && typeof (child as Node).type === 'string') walk(child, visit)
    }
  }
}

/** Of `import … from`, `export … from`, `import()`, `import('…').Type` and `require()`. */
function specifierOf(node: Node): string | undefined {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration':
    case 'ImportExpression':
    case 'TSImportType':
      return node['source'] ? literal(node['source']) : undefined
    case 'CallExpression': {
      const isRequire = (node['callee'] as Node).type === 'Identifier' && (node['callee'] as Node)['name'] === 'require'
      return isRequire ? literal((node['arguments'] as Node[])[0]) : undefined
    }
    default:
      return undefined
  }
}

/** A computed specifier is one that nobody can check: it is named, and no rule allows it. */
function literal(node: unknown): string {
  const value = (node as { value?: unknown } | undefined)?.value
  return typeof value === 'string' ? value : '(computed)'
}

function namesOf(node: Node): readonly string[] {
  return ((node['specifiers'] as Node[] | undefined) ?? []).map((specifier) => {
    const imported = (specifier['imported'] ?? specifier['local']) as Node
    return specifier.type === 'ImportSpecifier' ? String(imported['name']) : '*'
  })
}

function ambientOf(node: Node): string | undefined {
  if (node.type === 'NewExpression' && isNamed(node['callee'], 'Date') && (node['arguments'] as Node[]).length === 0) {
    return 'new Date()'
  }
  if (node.type === 'CallExpression' && isNamed(node['callee'], 'Date')) return 'Date()'
  if (node.type !== 'MemberExpression') return undefined
  const property = node['property'] as Node
  const name = String(property['name'] ?? property['value'])
  if (isNamed(node['object'], 'Date') && name === 'now') return 'Date.now'
  if (isNamed(node['object'], 'Math') && name === 'random') return 'Math.random'
  if (isNamed(node['object'], 'process') && name === 'env') return 'process.env'
  if (isNamed(node['object'], 'console')) return 'console'
  return undefined
}

/** `Date`, and `globalThis.Date`. */
function isNamed(value: unknown, name: string): boolean {
  const node = value as Node
  if (node.type === 'Identifier') return node['name'] === name
  return (
    node.type === 'MemberExpression' &&
    isNamed(node['object'], 'globalThis') &&
    (node['property'] as Node)['name'] === name
  )
}
