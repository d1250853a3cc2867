/** What may be installed: the rules that test/dependencies.test.ts holds package.json and the lock file to. */

export interface PackageJson {
  readonly dependencies?: Versions
  readonly optionalDependencies?: Versions
  readonly devDependencies?: Versions
}

type Versions = Readonly<Record<string, string>>

/** An entry of `packages` in package-lock.json. */
interface LockedPackage extends PackageJson {
  readonly version?: string
  readonly license?: string
  readonly resolved?: string
  readonly hasInstallScript?: boolean
  readonly dev?: boolean
  readonly os?: readonly string[]
  readonly cpu?: readonly string[]
  readonly libc?: readonly string[]
}

export interface LockFile {
  readonly packages: Readonly<Record<string, LockedPackage>>
}

/** Each is somebody who can change what runs beside our secrets; few enough to be read by one person. */
const directMax = 15
const totalMax = 60

/** Licences under which everything in the product may be handed on with it. */
const licences = ['MIT', 'ISC', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD', 'BlueOak-1.0.0']

/** What would bind the whole, or forbid some use of it; not even as a tool, since tests ship with the source. */
const forbidden = /\b(AGPL|GPL|LGPL|SSPL|BUSL|Elastic|UNLICENSED|Commons-Clause)/i

export function findDependencyBreaches(
  manifest: PackageJson,
  lock: LockFile,
  reasons: Readonly<Record<string, string>>,
): readonly string[] {
  return [
    ...manifestBreaches(manifest, reasons),
    ...productionBreaches(manifest, lock),
    ...lockBreaches(manifest, lock),
  ]
}

function manifestBreaches(manifest: PackageJson, reasons: Readonly<Record<string, string>>): string[] {
  const direct = { ...manifest.dependencies, ...manifest.optionalDependencies, ...manifest.devDependencies }
  const breaches: string[] = []
  for (const [name, version] of Object.entries(direct)) {
    if (!/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
      breaches.push(`${name}: got version "${version}", expected an exact one`)
    if (!reasons[name]) breaches.push(`${name}: no reason for it in test/dependencies.ts`)
  }
  for (const name of Object.keys(reasons)) {
    if (!direct[name]) breaches.push(`${name}: a reason, and no dependency`)
  }
  const count = Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies }).length
  if (count > directMax) breaches.push(`${count} direct production packages, at most ${directMax}`)
  return breaches
}

function productionBreaches(manifest: PackageJson, lock: LockFile): string[] {
  const production = Object.entries(lock.packages).filter(([place, { dev }]) => place !== '' && !dev)
  const breaches: string[] = []
  for (const [place, { license, hasInstallScript }] of production) {
    if (hasInstallScript) breaches.push(`${place} has an install script`)
    if (!license || !licences.includes(license))
      breaches.push(`${place}: licence ${license ?? 'unknown'} is not allowed`)
  }
  const installed = production.filter(([, locked]) => isForLinux(locked)).length
  if (installed > totalMax) breaches.push(`${installed} production packages on one machine, at most ${totalMax}`)
  const least = Object.keys(manifest.dependencies ?? {}).length
  if (production.length < least)
    breaches.push(`the lock file has ${production.length} production packages for ${least}`)
  return breaches
}

/** Of the builds for each platform, a machine installs one: counted is what Linux on x64 gets. */
function isForLinux({ os, cpu, libc }: LockedPackage): boolean {
  return (os?.includes('linux') ?? true) && (cpu?.includes('x64') ?? true) && (libc?.includes('glibc') ?? true)
}

function lockBreaches(manifest: PackageJson, lock: LockFile): string[] {
  const breaches: string[] = []
  const root = lock.packages[''] ?? {}
  for (const kind of ['dependencies', 'optionalDependencies', 'devDependencies'] as const) {
    const inLock = JSON.stringify(sorted(root[kind]))
    if (inLock !== JSON.stringify(sorted(manifest[kind])))
      breaches.push(`the lock file has other ${kind} than package.json`)
  }
  for (const [place, locked] of Object.entries(lock.packages)) {
    if (place === '') continue
    if (locked.license && forbidden.test(locked.license))
      breaches.push(`${place}: licence ${locked.license} is forbidden`)
    if (locked.resolved) breaches.push(`${place} names where it was downloaded from`)
    if (!locked.version) breaches.push(`${place} has no version`)
    // npm ci refuses a lock file that leaves out other platforms' builds, and npm install leaves out those it cannot find.
    for (const name of Object.keys(locked.optionalDependencies ?? {})) {
      const isLocked = lock.packages[`node_modules/${name}`] ?? lock.packages[`${place}/node_modules/${name}`]
      if (!isLocked) breaches.push(`${place} has an optional ${name} that is not in the lock file`)
    }
  }
  return breaches
}

function sorted(versions: Versions = {}): readonly (readonly [string, string])[] {
  return Object.entries(versions).toSorted(([a], [b]) => (a < b ? -1 : 1))
}
