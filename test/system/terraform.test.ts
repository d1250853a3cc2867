/**
 * What Terraform's `aws_iam_user` asks before it deletes a user, with `force_destroy` and without. The calls themselves are made by
 * AWS's SDK, everywhere; Terraform is the witness that they are these, where it is present.
 */
import fs from 'node:fs'
import path from 'node:path'
import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  CreateVirtualMFADeviceCommand,
  DeactivateMFADeviceCommand,
  DeleteAccessKeyCommand,
  DeleteLoginProfileCommand,
  DeleteUserCommand,
  DeleteVirtualMFADeviceCommand,
  EnableMFADeviceCommand,
  type IAMClient,
  ListAccessKeysCommand,
  ListAttachedUserPoliciesCommand,
  ListGroupsForUserCommand,
  ListMFADevicesCommand,
  ListMFADeviceTagsCommand,
  ListServiceSpecificCredentialsCommand,
  ListSigningCertificatesCommand,
  ListSSHPublicKeysCommand,
  ListUserPoliciesCommand,
  ListUsersCommand,
  ListUserTagsCommand,
  ListVirtualMFADevicesCommand,
} from '@aws-sdk/client-iam'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AccountId } from '../../src/core/account-id.ts'
import { systemRandom } from '../../src/core/random.ts'
import { openStore } from '../../src/open-store.ts'
import { authenticatorApp } from '../support/authenticator-app.ts'
import { canaries } from '../support/canaries.ts'
import { runSallyport } from '../support/cli.ts'
import { type SdkCredentials, sdkClients } from '../support/sdk.ts'
import { type ServerProcess, startServer } from '../support/server-process.ts'
import { findTerraform, runTerraform } from '../support/terraform.ts'
import { enterPassword, newBrowser, type TestServer } from '../support/test-server.ts'
import { stepMs } from './race-principal.ts'
import { patience } from './rounds.ts'
import { scratchFolder } from './scratch.ts'
import { insertTestAccount, insertTestUser, testPassword } from './two-servers.ts'

const email = 'root@example.com'
const userPassword = 'seven grey stones'
let server: ServerProcess
let accountId: AccountId
let admin: SdkCredentials
let iam: IAMClient

beforeAll(async () => {
  canaries.add(userPassword, 'a password')
  server = await startServer()
  const store = await openStore({ dataFolder: server.data }, systemRandom)
  accountId = await insertTestAccount(store, email)
  admin = await insertTestUser(store, accountId, 'admin', true)
  await store.storage.close()
  iam = sdkClients(server.url, admin).iam
  await giveRootDevice()
})
afterAll(async () => void (await server.stop()))

/** Root's device has no user name where all devices are looked through. */
async function giveRootDevice(): Promise<void> {
  const browser = newBrowser({ url: server.url } as TestServer)
  await enterPassword(browser, { accountId, email, password: testPassword })
  await giveDevice(sdkClients(server.url, await browser.credentials()).iam, {}, 'of-root')
}

/** `whom`: root's console leaves the name out, which the types of everybody's model do not know. */
async function giveDevice(by: IAMClient, whom: { UserName?: string }, name: string): Promise<void> {
  const naming = { VirtualMFADeviceName: name, Path: '/by-hand/' }
  const { VirtualMFADevice } = await by.send(new CreateVirtualMFADeviceCommand(naming))
  const app = authenticatorApp(Buffer.from(VirtualMFADevice?.Base32StringSeed ?? []).toString())
  const now = Date.now()
  const codes = { AuthenticationCode1: app.codeAt(now - stepMs), AuthenticationCode2: app.codeAt(now) }
  const enabling = { ...whom, SerialNumber: VirtualMFADevice?.SerialNumber, ...codes }
  await by.send(new EnableMFADeviceCommand(enabling as never))
}

/** What somebody has added by hand: a device in use, an access key, a password. */
async function addByHand(UserName: string): Promise<void> {
  await giveDevice(iam, { UserName }, UserName)
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }))
  canaries.add(AccessKey?.SecretAccessKey ?? '', 'a secret access key')
  const set = ['user', 'set-password', '--account', accountId, '--name', UserName, '--password-stdin']
  expect((await runSallyport([...set, '--data', server.data], { input: userPassword })).code).toBe(0)
}

const userNames = async () => (await iam.send(new ListUsersCommand({}))).Users?.map((user) => user.UserName)
const devicesByHand = async () =>
  (await iam.send(new ListVirtualMFADevicesCommand({}))).VirtualMFADevices?.filter(({ SerialNumber }) =>
    SerialNumber?.includes('/by-hand/'),
  )

/** The destruction of a user as the provider does it; without force it asks for groups alone. */
async function destroy(UserName: string, force: boolean): Promise<void> {
  const of = { UserName }
  expect((await iam.send(new ListGroupsForUserCommand(of))).Groups).toEqual([])
  if (force) {
    expect((await iam.send(new ListUserPoliciesCommand(of))).PolicyNames).toEqual([])
    expect((await iam.send(new ListAttachedUserPoliciesCommand(of))).AttachedPolicies).toEqual([])
    for (const { AccessKeyId } of (await iam.send(new ListAccessKeysCommand(of))).AccessKeyMetadata ?? [])
      await iam.send(new DeleteAccessKeyCommand({ ...of, AccessKeyId }))
    expect((await iam.send(new ListSSHPublicKeysCommand(of))).SSHPublicKeys).toEqual([])
    const assigned = await iam.send(new ListVirtualMFADevicesCommand({ AssignmentStatus: 'Assigned' }))
    for (const { SerialNumber, User } of assigned.VirtualMFADevices ?? []) {
      if (User?.UserName !== UserName) continue
      await iam.send(new DeactivateMFADeviceCommand({ ...of, SerialNumber }))
      await iam.send(new DeleteVirtualMFADeviceCommand({ SerialNumber }))
    }
    expect((await iam.send(new ListMFADevicesCommand(of))).MFADevices).toEqual([])
    await iam.send(new DeleteLoginProfileCommand(of)).catch((error: Error) => {
      if (error.name !== 'NoSuchEntityException') throw error
    })
    expect((await iam.send(new ListSigningCertificatesCommand(of))).Certificates).toEqual([])
    expect((await iam.send(new ListServiceSpecificCredentialsCommand(of))).ServiceSpecificCredentials).toEqual([])
  }
  await iam.send(new DeleteUserCommand(of))
}

/** The operations of `destroy` by force, for a user who has one of each thing. */
const askedByForce = [
  'DeactivateMFADevice',
  'DeleteAccessKey',
  'DeleteLoginProfile',
  'DeleteUser',
  'DeleteVirtualMFADevice',
  'ListAccessKeys',
  'ListAttachedUserPolicies',
  'ListGroupsForUser',
  'ListMFADevices',
  'ListSSHPublicKeys',
  'ListServiceSpecificCredentials',
  'ListSigningCertificates',
  'ListUserPolicies',
  'ListVirtualMFADevices',
]

describe('the calls of a destruction, by the SDK', () => {
  test('remove a user who has nothing, with force and without', async () => {
    for (const force of [false, true]) {
      await iam.send(new CreateUserCommand({ UserName: 'bare', Path: '/a/', Tags: [{ Key: 'Team', Value: 'x' }] }))
      await destroy('bare', force)
    }
    expect(await userNames()).toEqual(['admin'])
  })

  test('remove a user with what was added by hand by force only', async () => {
    await iam.send(new CreateUserCommand({ UserName: 'full' }))
    await addByHand('full')
    await expect(destroy('full', false)).rejects.toMatchObject({
      name: 'DeleteConflictException',
      message: 'Cannot delete entity, must remove tokens from principal first.',
    })
    expect(await devicesByHand()).toHaveLength(1)
    const before = await eventCount()
    await destroy('full', true)
    expect(await askedSince(before)).toEqual(askedByForce)
    expect([await userNames(), await devicesByHand()]).toEqual([['admin'], []])
  })
})

async function events(): Promise<{ eventName: string; errorCode?: string }[]> {
  const { stdout } = await runSallyport(['events', '--json', '--limit', '100000', '--data', server.data])
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
    .reverse()
}

const eventCount = async () => (await events()).length

/** The IAM operations since then, each once; none was refused. */
async function askedSince(count: number): Promise<string[]> {
  const since = (await events()).slice(count)
  expect(since.filter(({ errorCode }) => errorCode !== undefined)).toEqual([])
  return [...new Set(since.map(({ eventName }) => eventName))].filter((name) => name !== 'GetCallerIdentity').sort()
}

const terraform = findTerraform()
if (terraform === undefined) {
  console.warn(
    'TERRAFORM IS NOT HERE: no witness that a user is destroyed by just these calls. It needs terraform on the PATH and its\n' +
      'provider hashicorp/aws in a folder of its own or the one that SALLYPORT_TEST_TF_PLUGINS names.',
  )
} else {
  describe('Terraform', () => {
    const configuration = (forceDestroy: boolean) => `
      terraform {
        required_providers {
          aws = { source = "hashicorp/aws" }
        }
      }
      provider "aws" {
        region                  = "us-east-1"
        max_retries             = 1
        skip_metadata_api_check = true
        endpoints {
          iam = "${server.url}"
          sts = "${server.url}"
        }
      }
      resource "aws_iam_user" "plain" {
        name = "plain"
        path = "/a/"
        tags = { Team = "x", Cost = "" }
      }
      resource "aws_iam_access_key" "plain" {
        user = aws_iam_user.plain.name
      }
      resource "aws_iam_virtual_mfa_device" "spare" {
        virtual_mfa_device_name = "spare"
        tags                    = { Team = "x", team = "y" }
      }
      resource "aws_iam_user" "forced" {
        name          = "forced"
        force_destroy = true
      }
      resource "aws_iam_user" "careful" {
        name          = "careful"
        force_destroy = ${forceDestroy}
      }
    `

    test(
      'applies users, finds no drift, and destroys them, what was added by hand by force only',
      patience,
      async () => {
        const folder = scratchFolder()
        const write = (forceDestroy: boolean) =>
          fs.writeFileSync(path.join(folder, 'main.tf'), configuration(forceDestroy))
        const run = (...parameters: string[]) => runTerraform(terraform, folder, admin, parameters)
        const done = async (...parameters: string[]) => {
          const { code, stdout, stderr } = await run(...parameters, '-input=false', '-no-color')
          expect({ parameters, code, stderr, stdout: code === 0 ? '' : stdout }).toEqual({
            parameters,
            code: 0,
            stderr: '',
            stdout: '',
          })
        }
        write(false)
        await done('init', `-plugin-dir=${terraform.plugins}`)
        await done('apply', '-auto-approve')
        // 2 would be: something is to be changed.
        await done('plan', '-detailed-exitcode')
        expect((await iam.send(new ListUserTagsCommand({ UserName: 'plain' }))).Tags).toEqual([
          { Key: 'Cost', Value: '' },
          { Key: 'Team', Value: 'x' },
        ])
        const SerialNumber = `arn:aws:iam::${accountId}:mfa/spare`
        expect((await iam.send(new ListMFADeviceTagsCommand({ SerialNumber }))).Tags).toHaveLength(2)

        await addByHand('careful')
        await addByHand('forced')
        const refused = await run('destroy', '-auto-approve', '-input=false', '-no-color')
        expect(refused.code).toBe(1)
        expect(refused.stderr.replace(/\s+/g, ' ')).toMatch(
          /careful.* DeleteConflict: .*remove tokens from principal first/,
        )
        expect(await userNames()).toEqual(['admin', 'careful'])
        expect(await devicesByHand()).toHaveLength(1)

        write(true)
        await done('apply', '-auto-approve', '-target=aws_iam_user.careful')
        const before = await eventCount()
        await done('destroy', '-auto-approve')
        // The witness: the provider asks for no more than the SDK above, but for the user itself.
        expect(await askedSince(before)).toEqual([...askedByForce, 'GetUser'].sort())
        expect([await userNames(), await devicesByHand()]).toEqual([['admin'], []])
      },
    )
  })
}
