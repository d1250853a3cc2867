import Box from '@cloudscape-design/components/box'
import RadioGroup from '@cloudscape-design/components/radio-group'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState } from 'react'
import type { Refusal } from '../../http/refusal.ts'
import { FailureAlert } from '../../parts/failure-alert.tsx'
import { FrontPage } from '../../parts/front-page.tsx'
import { IamUserForm } from './iam-user-form.tsx'
import { RootEmailForm } from './root-email-form.tsx'
import { SignInNotice } from './sign-in-notice.tsx'
import type { GoTo } from './sign-in-step.ts'

type Props = { because: Refusal | undefined; publicHost: string; showNotice: boolean; goTo: GoTo }

export function IdentifyStep({ because, publicHost, showNotice, goTo }: Props) {
  const [userType, setUserType] = useState('root')
  return (
    <FrontPage
      title="Sign in"
      below={
        publicHost === '' ? undefined : (
          <Box color="text-body-secondary" fontSize="body-s">
            You are signing in to {publicHost}
          </Box>
        )
      }
    >
      <SpaceBetween size="l">
        {showNotice ? <SignInNotice /> : null}
        {because === undefined ? null : <FailureAlert title={because.title}>{because.message}</FailureAlert>}
        <RadioGroup
          ariaLabel="User type"
          value={userType}
          onChange={({ detail }) => setUserType(detail.value)}
          items={[
            {
              value: 'root',
              label: 'Root user',
              description: 'Account owner that performs tasks requiring unrestricted access.',
            },
            { value: 'iam', label: 'IAM user', description: 'User within an account that performs daily tasks.' },
          ]}
        />
        {userType === 'root' ? (
          <RootEmailForm goTo={goTo} />
        ) : (
          <IamUserForm goTo={goTo} useRoot={() => setUserType('root')} />
        )}
      </SpaceBetween>
    </FrontPage>
  )
}
