import CopyToClipboard from '@cloudscape-design/components/copy-to-clipboard'

type Props = { text: string; what: string }

export function CopyableText({ text, what }: Props) {
  return (
    <CopyToClipboard
      variant="inline"
      textToCopy={text}
      copyButtonAriaLabel={`Copy ${what}`}
      copySuccessText="Copied"
      copyErrorText="Could not be copied"
    />
  )
}
