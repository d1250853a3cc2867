// Steps 1 to 3 as AWS numbers them: the app, the secret, the two codes. A refused attempt leaves the device and its secret as
// they are, so that the entry already made in the app stays good.
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import type { InputProps } from '@cloudscape-design/components/input'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { type ReactNode, type Ref, useState } from 'react'
import type { VirtualMfaDevice } from '../../aws/iam.ts'
import type { Refusal } from '../../http/refusal.ts'
import type { CodeProblems, Codes } from '../../mfa/codes.ts'
import { CopyableText } from '../../parts/copyable-text.tsx'
import { FailureAlert } from '../../parts/failure-alert.tsx'
import { TwoCodes } from '../../parts/two-codes.tsx'
import { SignInAgainButton } from '../../shell/sign-in-again-button.tsx'
import { decodeSeed } from './decode-seed.ts'

type Props = {
  name: string
  device: VirtualMfaDevice
  codes: Codes
  onCodesChange(codes: Codes): void
  codeProblems: CodeProblems
  firstCode: Ref<InputProps.Ref>
  onEnter(): void
  refusal: Refusal | undefined
  refusalNumber: number
}

export function SetUpDevice(props: Props) {
  const { name, device, codes, onCodesChange, codeProblems, firstCode, onEnter, refusal, refusalNumber } = props
  return (
    <Container
      header={
        <Header
          variant="h2"
          description="A virtual MFA device is an application running on your device that you can configure by scanning a QR code."
        >
          Authenticator app
        </Header>
      }
    >
      <ol className="numbered-steps">
        <NumberedStep number={1}>
          <div>
            Install a compatible application such as Google Authenticator, Duo Mobile, or Authy app on your mobile
            device or computer.
          </div>
        </NumberedStep>
        <NumberedStep number={2}>
          <Secret name={name} device={device} />
        </NumberedStep>
        <NumberedStep number={3}>
          <SpaceBetween size="m">
            {refusal === undefined ? null : (
              <FailureAlert
                key={refusalNumber}
                title="The MFA device was not assigned"
                {...(refusal.code === 'AccessDenied' ? { action: <SignInAgainButton text="Sign in again" /> } : {})}
              >
                {refusal.message}
              </FailureAlert>
            )}
            <div>
              Type two consecutive MFA codes below. Enter a code from your virtual app below, wait until the app shows
              the next code, and enter that as the second.
            </div>
            <TwoCodes
              codes={codes}
              onChange={onCodesChange}
              problems={codeProblems}
              firstRef={firstCode}
              onEnter={onEnter}
            />
          </SpaceBetween>
        </NumberedStep>
      </ol>
    </Container>
  )
}

function NumberedStep({ number, children }: { number: number; children: ReactNode }) {
  return (
    <li>
      <span className="step-number" aria-hidden="true">
        {number}
      </span>
      <div className="step-content">{children}</div>
    </li>
  )
}

function Secret({ name, device }: { name: string; device: VirtualMfaDevice }) {
  const [qrShown, setQrShown] = useState(false)
  const [keyShown, setKeyShown] = useState(false)
  return (
    <div className="secret">
      <div className="qr-frame">
        {qrShown ? (
          <img src={`data:image/png;base64,${device.QRCodePNG}`} alt={`QR code for MFA device ${name}`} />
        ) : (
          <Button variant="inline-link" onClick={() => setQrShown(true)}>
            Show QR code
          </Button>
        )}
      </div>
      <SpaceBetween size="s">
        <div>
          Open your authenticator app, choose <strong>Show QR code</strong> on this page, then use the app to scan the
          code. Alternatively, you can type a secret key.
        </div>
        <Button variant="inline-link" onClick={() => setKeyShown(!keyShown)} ariaExpanded={keyShown}>
          {keyShown ? 'Hide secret key' : 'Show secret key'}
        </Button>
        {keyShown ? (
          <fieldset className="secret-key" aria-label="Secret key">
            <CopyableText text={decodeSeed(device.Base32StringSeed)} what="secret key" />
          </fieldset>
        ) : null}
        {qrShown || keyShown ? (
          <div className="secret-hint">
            Whoever sees the QR code or the secret key can make the same codes. Keep neither after this page.
          </div>
        ) : null}
      </SpaceBetween>
    </div>
  )
}
