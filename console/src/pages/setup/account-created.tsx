import Alert from '@cloudscape-design/components/alert'
import Button from '@cloudscape-design/components/button'
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { CopyableText } from '../../parts/copyable-text.tsx'
import { FrontPage } from '../../parts/front-page.tsx'

export function AccountCreated({ accountId }: { accountId: string }) {
  return (
    <FrontPage title="Account created" wide>
      <SpaceBetween size="l">
        <div role="status">
          <Alert type="success" statusIconAriaLabel="Success">
            Your account is ready. Note the account ID: IAM users sign in with it.
          </Alert>
        </div>
        <KeyValuePairs
          items={[
            {
              label: 'Account ID',
              value: <CopyableText text={accountId} what="account ID" />,
            },
          ]}
        />
        <div>Sign in as the root user now, and assign an MFA device to it before anything else.</div>
        <Button variant="primary" href="/sign-in">
          Sign in
        </Button>
      </SpaceBetween>
    </FrontPage>
  )
}
