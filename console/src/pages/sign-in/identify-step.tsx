import Box from '@cloudscape-design/components/box'
import RadioGroup from '@cloudscape-design/components/radio-group'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState } from 'react'
import { FrontPage } from '../../parts/front-page.tsx'
import { IamUserForm } from './iam-user-form.tsx'
import { RootEmailForm } from './root-email-form.tsx'
import { SignInNotice } from './sign-in-notice.tsx'
import type { SignInStep } from './sign-in-step.ts'

type Props = { publicHost: string; showNotice: boolean; goTo(step: SignInStep): void }

export function IdentifyStep({ publicHost, showNotice, goTo }: Props) {
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
