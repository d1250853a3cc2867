import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { type Finished, type RunOptions, root, runProcess } from './run-process.ts'
import type { SdkCredentials } from './sdk.ts'

/** `sallyport …` of the last build. */
export function runSallyport(parameters: readonly string[], options: RunOptions = {}): Promise<Finished> {
  return runProcess(process.execPath, [path.join(root, 'dist/cli/sallyport.js'), ...parameters], options)
}

/** The AWS CLI of this machine, or undefined. */
export function findAws(): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter)
  return folders.map((folder) => path.join(folder, 'aws')).find((file) => fs.existsSync(file))
}

/**
 * `aws --endpoint-url ENDPOINT …` with these keys and nothing else of the user's configuration. Throws where there is no
 * AWS CLI: ask `findAws()` first where the test may do without.
 */
export function runAws(
  endpoint: string,
  credentials: SdkCredentials,
  parameters: readonly string[],
  options: RunOptions = {},
): Promise<Finished> {
  const aws = findAws()
  if (!aws) throw new Error('no AWS CLI on this machine (Debian: `apt-get install --no-install-recommends awscli`)')
  const env = {
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    ...(credentials.sessionToken === undefined ? {} : { AWS_SESSION_TOKEN: credentials.sessionToken }),
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_CONFIG_FILE: os.devNull,
    AWS_SHARED_CREDENTIALS_FILE: os.devNull,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_MAX_ATTEMPTS: '1',
    AWS_PAGER: '',
    ...options.env,
  }
  return runProcess(aws, ['--endpoint-url', endpoint, ...parameters], { ...options, env })
}
