/** What a Markdown page says to type, to read and to find: for the tests that hold the pages to the code. */

export interface ConsoleCommand {
  /** Without the prompt. */
  readonly command: string
  /** What stands below it, up to the next prompt. */
  readonly output: string
}

/** The commands of all ```console blocks. */
export function consoleCommands(page: string): readonly ConsoleCommand[] {
  return fencedBlocks(page, 'console').flatMap((block) =>
    block
      .split(/^\$ /m)
      .slice(1)
      .map((part) => {
        const end = part.indexOf('\n')
        return { command: part.slice(0, end), output: part.slice(end + 1) }
      }),
  )
}

export const fencedBlocks = (page: string, language: string): readonly string[] =>
  [...page.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].flatMap(([, name, text = '']) => (name === language ? [text] : []))

/** "`FOLDER/NAME.json`…:" and the JSON block that follows: the file as the page shows it. */
export const shownFiles = (page: string): ReadonlyMap<string, string> =>
  new Map(
    [...page.matchAll(/`([\w./-]+\.json)`[^`]*:\n\n```json\n([\s\S]*?)^```$/gm)].map(([, file = '', text = '']) => [
      file,
      text,
    ]),
  )

/** Everything that is code: fenced and indented blocks line by line, and spans. */
export function codeTexts(page: string): readonly string[] {
  const blocks = [...page.matchAll(/^```\w*\n([\s\S]*?)^```$/gm)].flatMap(([, text = '']) => text.split('\n'))
  const prose = withoutFences(page)
  const indented = [...prose.matchAll(/^ {4}(.+)$/gm)].map(([, text = '']) => text)
  const spans = [...prose.matchAll(/`([^`]+)`/g)].map(([, text = '']) => text.replace(/\s+/g, ' '))
  return [...blocks, ...indented, ...spans]
}

/** Where links and pictures lead. */
export const linkTargets = (page: string): readonly string[] =>
  [...withoutFences(page).matchAll(/\]\(([^()\s]+)\)/g)].map(([, target = '']) => target)

/** The anchors of a page's headings, as GitHub makes them: lower case, no punctuation, dashes for blanks. */
export const headingAnchors = (page: string): ReadonlySet<string> =>
  new Set(
    [...withoutFences(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  )

const withoutFences = (page: string): string => page.replace(/^```\w*\n[\s\S]*?^```$/gm, '')
