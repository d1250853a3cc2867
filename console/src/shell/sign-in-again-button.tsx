import Button from '@cloudscape-design/components/button'
import { useSignInAgain } from './use-sign-in-again.ts'

type Props = { text: 'Sign in again' | 'Sign in again to verify' }

export function SignInAgainButton({ text }: Props) {
  const { leaving, signInAgain } = useSignInAgain()
  return (
    <Button onClick={() => void signInAgain()} loading={leaving}>
      {text}
    </Button>
  )
}
