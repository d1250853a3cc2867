import type { Handler } from '../../aws-api/operation.ts'
import type { Tx } from '../../storage/schema.ts'
import { getTarget, type NamedPrincipal, userTarget } from '../target.ts'
import { refuseMissing } from './named-device.ts'

const notSupported =
  'The MFA device serial number sent in the request is invalid or not supported by this API. Currently, only hardware FIDO security keys are supported. Please use the compatible device or API.'

/** Tells the certifications of FIDO devices, of which there are none yet. Any other serial is refused as on AWS, device or not. */
export const getMFADevice: Handler<Tx, 'iam', 'GetMFADevice', NamedPrincipal> = {
  target: userTarget,

  async handle(input, { refuse }, named) {
    const { principal } = getTarget(named, refuse)
    if (!input.SerialNumber.startsWith(`arn:aws:iam::${principal.accountId}:u2f/`))
      refuse('ValidationError', notSupported)
    return refuseMissing(input.SerialNumber, refuse)
  },
}
