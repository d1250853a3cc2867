/** What a command reads and writes; passed in, so that a test needs no process. */
export interface CommandIo {
  readonly stdout: (text: string) => void
  readonly stderr: (text: string) => void
  /** The terminal shows colours, and NO_COLOR is not set. */
  readonly colour: boolean
  /** At most so many bytes of it, from the beginning. */
  readonly readFile: (path: string, bytesMax: number) => Promise<Uint8Array>
}
