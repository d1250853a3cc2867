/** What the console asks of its own session: who am I, credentials to sign with, sign out, sign in again. */
import { findAccount, findAlias } from '../accounts/account-store.ts'
import { activeDevicesOf, deleteWizardDevices } from '../iam/mfa-devices/device-store.ts'
import { findPrincipal } from '../iam/principals/find-principal.ts'
import {
  endSession,
  findSessionByToken,
  idleMsOf,
  noteSessionUse,
  type Session,
} from '../iam/sessions/session-store.ts'
import { consoleCredentials } from '../sts/console-credentials.ts'
import type { SignInParts } from './parts.ts'
import { findSignIn, replaceSignIn } from './state.ts'
import { clearCookie, type WebAnswer, WebRefusal, type WebRequest } from './web.ts'

const noSession = () =>
  new WebRefusal(401, 'NoSession', 'You are signed out', 'Your session has ended. Sign in again to go on.')

async function findOwnSession(parts: SignInParts, request: WebRequest): Promise<Session | undefined> {
  const token = request.cookie('session')
  return token === undefined ? undefined : findSessionByToken(parts.storage.reader, token, parts.clock.now())
}

async function getSession(parts: SignInParts, request: WebRequest): Promise<Session> {
  const session = await findOwnSession(parts, request)
  if (session === undefined) throw noSession()
  return session
}

export async function describeSession(parts: SignInParts, request: WebRequest): Promise<WebAnswer> {
  const session = await getSession(parts, request)
  const { reader } = parts.storage
  const now = parts.clock.now()
  const account = await findAccount(reader, parts.sealer, session.accountId)
  const record = await findPrincipal(reader, session.accountId, session.principalId)
  if (account === undefined || record === undefined) throw noSession()
  await noteSessionUse(reader, session.accountId, session.sessionHash, now)
  const { principal } = record
  return {
    status: 200,
    body: {
      accountId: session.accountId,
      accountName: account.name,
      accountAlias: (await findAlias(reader, session.accountId)) ?? null,
      principal:
        principal.kind === 'root'
          ? { kind: 'root', email: account.email }
          : { kind: 'user', userName: principal.userName, arn: principal.arn },
      arn: principal.arn,
      mfaSerial: session.mfaSerial,
      mfaEnabled: (await activeDevicesOf(reader, session.accountId, session.principalId)).length > 0,
      signedInAt: session.createdAt,
      authenticatedAt: session.authenticatedAt,
      expiresAt: session.expiresAt,
      idleSeconds: idleMsOf(session.accountId, session.principalId) / 1000,
      serverTime: now,
    },
  }
}

/** The session's devices with what no AWS API tells: whether each has been verified at a sign-in. */
export async function describeDevices(parts: SignInParts, request: WebRequest): Promise<WebAnswer> {
  const session = await getSession(parts, request)
  const devices = await activeDevicesOf(parts.storage.reader, session.accountId, session.principalId)
  return {
    status: 200,
    body: {
      devices: devices.map((device) => ({
        serial: device.serial,
        name: device.name,
        type: 'virtual',
        enabledAt: device.enabledAt,
        verifiedAt: device.verifiedAt,
        usedInThisSession: device.serial === session.mfaSerial,
      })),
    },
  }
}

export async function issueCredentials(parts: SignInParts, request: WebRequest): Promise<WebAnswer> {
  const session = await getSession(parts, request)
  await noteSessionUse(parts.storage.reader, session.accountId, session.sessionHash, parts.clock.now())
  const credentials = consoleCredentials(parts, session, parts.clock.now())
  return {
    status: 200,
    body: {
      accessKeyId: credentials.accessKeyId,
      secretAccessKey: credentials.secretAccessKey.reveal(),
      sessionToken: credentials.sessionToken.reveal(),
      expiration: credentials.expiration,
    },
  }
}

/** Ends the session on the server, with what its wizard left; a session that has ended already is signed out as well. */
export async function signOut(parts: SignInParts, request: WebRequest): Promise<WebAnswer> {
  const session = await findOwnSession(parts, request)
  if (session !== undefined) await end(parts, session)
  return { status: 204, cookies: [clearCookie('session')], headers: { 'clear-site-data': '"cache", "storage"' } }
}

/** Ends this session and leads to a new sign-in, for root with its email already known. */
export async function signInAgain(parts: SignInParts, request: WebRequest): Promise<WebAnswer> {
  const session = await getSession(parts, request)
  const account = await findAccount(parts.storage.reader, parts.sealer, session.accountId)
  await end(parts, session)
  const location = { location: '/sign-in' }
  const isRoot = session.principalId === session.accountId
  if (!isRoot || account === undefined) return { status: 200, body: location, cookies: [clearCookie('session')] }
  const now = parts.clock.now()
  const former = await findSignIn(parts.storage.reader, request, now)
  const state = { name: 'password', email: account.email } as const
  const cookie = await parts.storage.transaction((tx) => replaceSignIn(tx, parts.random, former, state, now))
  return { status: 200, body: location, cookies: [clearCookie('session'), ...(cookie === false ? [] : [cookie])] }
}

async function end(parts: SignInParts, { accountId, sessionHash }: Session): Promise<void> {
  const now = parts.clock.now()
  await parts.storage.transaction(async (tx) => {
    await endSession(tx, accountId, sessionHash, now)
    await deleteWizardDevices(tx, now, { accountId, session: sessionHash })
  })
}
