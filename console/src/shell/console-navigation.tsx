// The bar on top: the name of the product to the left, the account menu upper right, as on AWS.
import TopNavigation from '@cloudscape-design/components/top-navigation'
import logo from '../assets/sallyport.svg'
import { dropSessionCredentials } from '../aws/session-credentials.ts'
import { homePath, securityCredentialsPath } from '../console-paths.ts'
import { formatAccountId } from '../format-time.ts'
import { postJson } from '../http/request.ts'
import { toSignInAddress } from '../return-path.ts'
import { follow, navigate } from '../router.ts'
import { chooseTheme, storeTheme, type Theme, useTheme } from '../theme.ts'
import { useFlash } from './flash.tsx'
import { type Session, useSession } from './session.tsx'

const themes: { id: Theme; text: string }[] = [
  { id: 'light', text: 'Light' },
  { id: 'dark', text: 'Dark' },
  { id: 'system', text: 'As the system' },
]

const toPrincipalText = (session: Session): string =>
  session.principal.kind === 'root'
    ? `Root user: ${session.principal.email}`
    : `IAM user: ${session.principal.userName}`

export function ConsoleNavigation() {
  const { session } = useSession()
  const { flash } = useFlash()
  const chosenTheme = useTheme()

  const copyAccountId = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(session.accountId)
      flash({ id: 'copied', type: 'success', content: `Account ID ${session.accountId} copied.` })
    } catch {
      flash({ id: 'copied', type: 'info', content: `Account ID: ${session.accountId}` })
    }
  }

  const signOut = async (): Promise<void> => {
    const answer = await postJson('/console/sign-out', {})
    if (!answer.ok && answer.refusal.status !== 401) {
      const { title, message } = answer.refusal
      flash({ id: 'sign-out', type: 'error', header: `You are still signed in. ${title}`, content: message })
      return
    }
    dropSessionCredentials()
    storeTheme()
    window.location.replace(toSignInAddress(homePath, 'signed-out'))
  }

  const choose = (id: string): void => {
    if (id === 'account-id') void copyAccountId()
    else if (id === 'security-credentials') navigate(securityCredentialsPath)
    else if (id === 'sign-out') void signOut()
    else {
      const theme = themes.find((item) => item.id === id)
      if (theme !== undefined) chooseTheme(theme.id)
    }
  }

  return (
    <TopNavigation
      identity={{
        href: homePath,
        title: 'Sallyport',
        logo: { src: logo, alt: '' },
        onFollow: () => navigate(homePath),
      }}
      i18nStrings={{ overflowMenuTriggerText: 'More', overflowMenuTitleText: 'All' }}
      utilities={[
        {
          type: 'menu-dropdown',
          text: session.accountName,
          description: toPrincipalText(session),
          iconName: 'user-profile',
          disableUtilityCollapse: true,
          onItemClick: ({ detail }) => choose(detail.id),
          onItemFollow: follow,
          items: [
            {
              id: 'account-id',
              text: `Account ID: ${formatAccountId(session.accountId)}`,
              secondaryText: 'Copy',
              iconName: 'copy',
              ariaLabel: `Copy account ID ${session.accountId}`,
            },
            { id: 'security-credentials', text: 'Security credentials' },
            {
              id: 'theme',
              text: 'Theme',
              items: themes.map((theme) => ({
                id: theme.id,
                text: theme.text,
                itemType: 'checkbox' as const,
                checked: theme.id === chosenTheme,
              })),
            },
            { id: 'sign-out', text: 'Sign out' },
          ],
        },
      ]}
    />
  )
}
