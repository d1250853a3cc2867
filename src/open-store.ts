/**
 * From the operator's flags to a store that can be used: the place, the key, the schema. Nothing is written before the key is
 * known to be the one that the data was sealed with.
 */
import { closeSync, existsSync, fsyncSync, linkSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { OperatorError } from './core/errors.ts'
import type { Random } from './core/random.ts'
import { createSealer, masterKeyBytes, type Sealer } from './credentials/seal.ts'
import { makeFolder } from './storage/make-folder.ts'
import { findMeta, setMetaOnce } from './storage/meta.ts'
import { migrate } from './storage/migrations/migrate.ts'
import { databaseFile } from './storage/sqlite/database-file.ts'
import { connectStorage, type Storage, type StoragePlace } from './storage/storage.ts'

export interface StoreOptions {
  readonly dataFolder: string
  readonly databaseUrl?: string
  /** `SALLYPORT_KEY_FILE`. Absent: `key` in the data folder, which is made for a new store. */
  readonly keyFile?: string
  /** A place that holds no data yet is refused, and left as it is, instead of being made into a new store. */
  readonly mustExist?: boolean
}

export interface Store {
  readonly storage: Storage
  readonly sealer: Sealer
  /** What `serve` tells of it. */
  readonly description: string
}

export async function openStore(options: StoreOptions, random: Random): Promise<Store> {
  const place = placeOf(options)
  const keyFile = options.keyFile ?? join(options.dataFolder, 'key')
  const before = findKey(keyFile)
  // A key that was named and is not there is a mistake, also for a new store: a second key would be made in silence.
  if (before === undefined && options.keyFile !== undefined)
    throw new OperatorError(`the encryption key file ${keyFile} does not exist`)

  if (options.mustExist === true && place.engine === 'sqlite' && !existsSync(join(place.folder, databaseFile)))
    throw noData(`in ${place.folder}`)
  const storage = await connectStorage(place)
  try {
    const keyId = await findMeta(storage.reader, 'key-id')
    if (options.mustExist === true && keyId === undefined) throw noData('in this database')
    // Looked for again: another process may have made store and key between our two looks, the key first.
    const key = before ?? findKey(keyFile)
    if (keyId !== undefined && key === undefined) {
      throw new OperatorError(
        `the encryption key of this data is missing: put it back at ${keyFile}, or name its place in SALLYPORT_KEY_FILE`,
      )
    }
    if (keyId !== undefined && key !== undefined) checkKeyId(createSealer(key), keyId, keyFile)
    const sealer = createSealer(key ?? createKey(keyFile, random))
    await migrate(storage)
    checkKeyId(sealer, await setMetaOnce(storage.reader, 'key-id', sealer.keyId), keyFile)
    return { storage, sealer, description: place.engine === 'sqlite' ? place.folder : 'PostgreSQL' }
  } catch (error) {
    await storage.close()
    throw error
  }
}

const noData = (where: string) =>
  new OperatorError(`there is no Sallyport data ${where}: sallyport serve and sallyport account create make it`)

function placeOf({ dataFolder, databaseUrl }: StoreOptions): StoragePlace {
  if (databaseUrl === undefined) return { engine: 'sqlite', folder: dataFolder }
  if (!/^postgres(ql)?:\/\//.test(databaseUrl) || !URL.canParse(databaseUrl)) {
    throw new OperatorError('the database URL must look like postgres://user@host:5432/database')
  }
  return { engine: 'postgres', url: databaseUrl }
}

function checkKeyId(sealer: Sealer, keyId: string, keyFile: string): void {
  if (sealer.keyId === keyId) return
  throw new OperatorError(
    `the encryption key in ${keyFile} is not the one of this data: got key ${sealer.keyId}, expected key ${keyId}`,
  )
}

const findKey = (file: string): Buffer | undefined => (existsSync(file) ? readKey(file) : undefined)

/** 32 bytes in base64, one line. */
function readKey(file: string): Buffer {
  let text: string
  try {
    text = readFileSync(file, 'utf8').trim()
  } catch (error) {
    throw new OperatorError(`cannot read the encryption key file ${file}`, { cause: error })
  }
  const key = Buffer.from(text, 'base64')
  if (key.length !== masterKeyBytes || key.toString('base64') !== text) {
    throw new OperatorError(`the encryption key file ${file} does not hold ${masterKeyBytes} bytes in base64`)
  }
  return key
}

/**
 * The key is on the disk before anything is sealed with it. It appears under its name whole or not at all: of two processes that
 * make one at the same moment, both use the first, and one that is killed leaves no half of a key.
 */
function createKey(file: string, random: Random): Buffer {
  const key = random.bytes(masterKeyBytes)
  const draft = `${file}.${random.bytes(8).toString('hex')}`
  try {
    makeFolder(dirname(file))
    writeFileSync(draft, `${key.toString('base64')}\n`, { flag: 'wx', mode: 0o600, flush: true })
    linkSync(draft, file)
    syncFolder(dirname(file))
  } catch (error) {
    // Another process made it between our look and our write: take that one.
    if (existsSync(file)) return readKey(file)
    throw new OperatorError(`cannot write the encryption key file ${file}`, { cause: error })
  } finally {
    rmSync(draft, { force: true })
  }
  return key
}

function syncFolder(folder: string): void {
  const descriptor = openSync(folder, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}
