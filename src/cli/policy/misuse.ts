/** The command line cannot be followed: exit code 2, and the message is the one sentence to print. */
export class PolicyMisuse extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'PolicyMisuse'
  }
}
