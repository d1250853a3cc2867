// The IAM operations that the console uses, with AWS's member names. Moments are epoch seconds.
import type { Answer } from '../http/refusal.ts'
import { type AwsCall, callAws, type SignedCall, signCall } from './call-aws.ts'

export type MfaDevice = { SerialNumber: string; EnableDate: number; UserName?: string }
export type VirtualMfaDevice = { SerialNumber: string; Base32StringSeed: string; QRCodePNG: string }
export type AccessKeyMetadata = { AccessKeyId: string; Status: string; CreateDate: number; UserName?: string }
export type User = { UserId: string; Arn: string; CreateDate: number; UserName?: string; PasswordLastUsed?: number }
export type TwoCodes = { AuthenticationCode1: string; AuthenticationCode2: string }

const iam = (operation: string, parameters: Record<string, string> = {}): AwsCall => ({
  service: 'iam',
  operation,
  parameters,
})

type NoResult = Record<string, never>

export const listMfaDevices = (): Promise<Answer<{ MFADevices: MfaDevice[] }>> => callAws(iam('ListMFADevices'))

export const listAccessKeys = (): Promise<Answer<{ AccessKeyMetadata: AccessKeyMetadata[] }>> =>
  callAws(iam('ListAccessKeys'))

export const getUser = (): Promise<Answer<{ User: User }>> => callAws(iam('GetUser'))

export const getAccountSummary = (): Promise<Answer<{ SummaryMap: Record<string, number> }>> =>
  callAws(iam('GetAccountSummary'))

export const createVirtualMfaDevice = (name: string): Promise<Answer<{ VirtualMFADevice: VirtualMfaDevice }>> =>
  callAws(iam('CreateVirtualMFADevice', { VirtualMFADeviceName: name }))

export const enableMfaDevice = (serial: string, codes: TwoCodes): Promise<Answer<NoResult>> =>
  callAws(iam('EnableMFADevice', { SerialNumber: serial, ...codes }))

export const resyncMfaDevice = (serial: string, codes: TwoCodes): Promise<Answer<NoResult>> =>
  callAws(iam('ResyncMFADevice', { SerialNumber: serial, ...codes }))

export const deactivateMfaDevice = (serial: string): Promise<Answer<NoResult>> =>
  callAws(iam('DeactivateMFADevice', { SerialNumber: serial }))

const deletion = (serial: string): AwsCall => iam('DeleteVirtualMFADevice', { SerialNumber: serial })

export const deleteVirtualMfaDevice = (serial: string): Promise<Answer<NoResult>> => callAws(deletion(serial))

export const signDeleteVirtualMfaDevice = (serial: string): Promise<SignedCall | undefined> =>
  signCall(deletion(serial))
