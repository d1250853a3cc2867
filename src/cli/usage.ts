/** What `--help` prints. */

const storeFlags = `
  --data FOLDER          where the embedded store and the key are (.sallyport)
  --database-url URL     PostgreSQL instead: postgres://user:password@host:5432/database`

/** By the words of the command. */
export const commandUsage = {
  serve: `Usage: sallyport serve [FLAGS]

Serves the console and the AWS API until SIGTERM or SIGINT. A new store is made where there is none, and while no account
exists a link is printed with which one is created.

  --host HOST            address to listen on (127.0.0.1)
  --port PORT            port to listen on, 0 for any free one (4100)${storeFlags}
  --public-url URL       the address that browsers use, when a proxy with TLS stands in front`,

  'account create': `Usage: sallyport account create --name N --email E --phone P --password-stdin [FLAGS]

Creates an AWS account with its root user, and prints the account id.

  --name N               account name, 1 to 50 characters
  --email E              root user email address
  --phone P              contact phone
  --password-stdin       the password of the root user is read from standard input${storeFlags}
  --json                 print {"AccountId": …}`,

  'user create': `Usage: sallyport user create --account ID --name N [FLAGS]

Creates an IAM user in an account.

  --account ID           the 12 digits of the account
  --name N               user name
  --administrator        the user may do everything in the account
  --access-key           give the user an access key, and print it
  --password-stdin       give the user a console password, read from standard input${storeFlags}
  --json                 print one JSON object`,

  'user set-password': `Usage: sallyport user set-password --account ID --name N --password-stdin [FLAGS]

Gives an IAM user a console password, or another in the place of the one it has. Its console sessions end.

  --account ID           the 12 digits of the account
  --name N               user name
  --password-stdin       the password of the user is read from standard input${storeFlags}
  --json                 print one JSON object`,

  events: `Usage: sallyport events [FLAGS]

Prints the record, newest first.

  --account ID           of one account only
  --limit N              how many (100)${storeFlags}
  --json                 one event in CloudTrail's format on each line`,
} as const

export type CommandName = keyof typeof commandUsage

export const usage = `Usage: sallyport COMMAND [FLAGS]

  serve              serve the console and the AWS API
  account create     create an AWS account with its root user
  user create        create an IAM user
  user set-password  give an IAM user a console password
  events             print the record, newest first
  policy             check, explain and compare IAM policies

sallyport COMMAND --help shows the flags of a command. The encryption key stands in the data folder, or in the file that
SALLYPORT_KEY_FILE names.`
