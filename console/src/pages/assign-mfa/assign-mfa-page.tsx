// The wizard of AWS's console: `Select MFA device`, then `Set up device`.
import type { InputProps } from '@cloudscape-design/components/input'
import Wizard from '@cloudscape-design/components/wizard'
import { useRef, useState } from 'react'
import { enableMfaDevice } from '../../aws/iam.ts'
import { securityCredentialsPath } from '../../console-paths.ts'
import { type CodeProblems, type Codes, findCodeProblems, hasProblem, noCodes } from '../../mfa/codes.ts'
import { findDeviceNameProblem } from '../../mfa/device-name.ts'
import { usePageTitle } from '../../parts/use-page-title.ts'
import { useRefusal } from '../../parts/use-refusal.ts'
import { navigate } from '../../router.ts'
import { useFlash } from '../../shell/flash.tsx'
import { useSession } from '../../shell/session.tsx'
import { SignInAgainButton } from '../../shell/sign-in-again-button.tsx'
import { SelectMfaDevice } from './select-mfa-device.tsx'
import { SetUpDevice } from './set-up-device.tsx'
import { useNewDevice } from './use-new-device.ts'

const stepTitles = ['Select MFA device', 'Set up device'] as const

export function AssignMfaPage() {
  const [stepIndex, setStepIndex] = useState<0 | 1>(0)
  const [name, setName] = useState('')
  const [nameProblem, setNameProblem] = useState<string | undefined>(undefined)
  const [codes, setCodes] = useState<Codes>(noCodes)
  const [codeProblems, setCodeProblems] = useState<CodeProblems>({})
  const [busy, setBusy] = useState(false)
  const { refusal, refusalNumber, showRefusal } = useRefusal()
  const { session, reloadSession } = useSession()
  const { flash } = useFlash()
  const { device, create, discard, keep } = useNewDevice()
  const nameInput = useRef<InputProps.Ref>(null)
  const firstCode = useRef<InputProps.Ref>(null)
  usePageTitle(stepTitles[stepIndex])

  const goToSetUp = async (): Promise<void> => {
    if (busy) return
    const problem = findDeviceNameProblem(name)
    setNameProblem(problem)
    if (problem !== undefined) return nameInput.current?.focus()
    setBusy(true)
    const answer = await create(name)
    setBusy(false)
    showRefusal(answer.ok ? undefined : answer.refusal)
    if (answer.ok) setStepIndex(1)
    else nameInput.current?.focus()
  }

  const goBack = async (): Promise<void> => {
    showRefusal(undefined)
    setCodes(noCodes)
    setCodeProblems({})
    setStepIndex(0)
    await discard()
  }

  const cancel = async (): Promise<void> => {
    await discard()
    navigate(securityCredentialsPath)
  }

  const addMfa = async (): Promise<void> => {
    if (busy || device === undefined) return
    const found = findCodeProblems(codes)
    setCodeProblems(found)
    if (hasProblem(found)) return firstCode.current?.focus()
    setBusy(true)
    const answer = await enableMfaDevice(device.SerialNumber, {
      AuthenticationCode1: codes.first,
      AuthenticationCode2: codes.second,
    })
    setBusy(false)
    if (!answer.ok) {
      setCodes(noCodes)
      showRefusal(answer.refusal)
      return firstCode.current?.focus()
    }
    keep()
    await reloadSession()
    navigate(securityCredentialsPath)
    flash({
      id: 'mfa-device',
      type: 'success',
      header: 'MFA device assigned',
      content: `You can register up to 8 MFA devices of any combination of the currently supported MFA types. ${name} is asked for from the next sign-in on.`,
      // A session without MFA has the same offer in its own banner.
      ...(session.mfaSerial === null ? {} : { action: <SignInAgainButton text="Sign in again to verify" /> }),
    })
  }

  return (
    <Wizard
      activeStepIndex={stepIndex}
      isLoadingNextStep={busy}
      onCancel={() => void cancel()}
      onNavigate={({ detail }) => void (detail.requestedStepIndex === 0 ? goBack() : goToSetUp())}
      onSubmit={() => void addMfa()}
      i18nStrings={{
        stepNumberLabel: (number) => `Step ${number}`,
        collapsedStepsLabel: (number, count) => `Step ${number} of ${count}`,
        navigationAriaLabel: 'Steps',
        cancelButton: 'Cancel',
        previousButton: 'Previous',
        nextButton: 'Next',
        submitButton: 'Add MFA',
      }}
      steps={[
        {
          title: stepTitles[0],
          content: (
            <SelectMfaDevice
              name={name}
              onNameChange={(text) => {
                setName(text)
                setNameProblem(undefined)
              }}
              nameProblem={nameProblem}
              nameInput={nameInput}
              onEnter={() => void goToSetUp()}
              refusal={stepIndex === 0 ? refusal : undefined}
              refusalNumber={refusalNumber}
            />
          ),
        },
        {
          title: stepTitles[1],
          content:
            device === undefined ? null : (
              <SetUpDevice
                name={name}
                device={device}
                codes={codes}
                onCodesChange={setCodes}
                codeProblems={codeProblems}
                firstCode={firstCode}
                onEnter={() => void addMfa()}
                refusal={stepIndex === 1 ? refusal : undefined}
                refusalNumber={refusalNumber}
              />
            ),
        },
      ]}
    />
  )
}
