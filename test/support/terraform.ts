import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { type Finished, runProcess } from './run-process.ts'
import type { SdkCredentials } from './sdk.ts'

export interface Terraform {
  readonly program: string
  /** A folder with the provider `hashicorp/aws`, as `terraform providers mirror` makes it. */
  readonly plugins: string
}

const provider = path.join('registry.terraform.io', 'hashicorp', 'aws')

/** Where Terraform itself looks for providers that are installed (HashiCorp: "Implied Local Mirror Directories"). */
function ownFolders(): readonly string[] {
  const data = process.env['XDG_DATA_HOME'] ?? path.join(os.homedir(), '.local/share')
  return [
    path.join(os.homedir(), '.terraform.d/plugins'),
    path.join(data, 'terraform/plugins'),
    '/usr/local/share/terraform/plugins',
    '/usr/share/terraform/plugins',
  ]
}

/**
 * Terraform with its provider for AWS, or undefined. Both are the machine's own: neither Debian nor npm has them.
 * `SALLYPORT_TEST_TF_PLUGINS` names another folder of providers; one that does not have it is a mistake.
 */
export function findTerraform(): Terraform | undefined {
  const named = process.env['SALLYPORT_TEST_TF_PLUGINS']
  const has = (folder: string) => fs.existsSync(path.join(folder, provider))
  if (named !== undefined && !has(named))
    throw new Error(`SALLYPORT_TEST_TF_PLUGINS: there is no ${provider} in ${named}`)
  const plugins = named ?? ownFolders().find(has)
  const folders = (process.env['PATH'] ?? '').split(path.delimiter)
  const program = folders.map((folder) => path.join(folder, 'terraform')).find((file) => fs.existsSync(file))
  return program === undefined || plugins === undefined ? undefined : { program, plugins }
}

/** `terraform …` in this folder, with these keys and nothing of the user's configuration. */
export function runTerraform(
  { program }: Terraform,
  cwd: string,
  credentials: SdkCredentials,
  parameters: readonly string[],
): Promise<Finished> {
  const env = {
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_CONFIG_FILE: os.devNull,
    AWS_SHARED_CREDENTIALS_FILE: os.devNull,
    AWS_EC2_METADATA_DISABLED: 'true',
    // It asks HashiCorp for newer versions otherwise.
    CHECKPOINT_DISABLE: '1',
    TF_CLI_CONFIG_FILE: os.devNull,
    TF_IN_AUTOMATION: '1',
  }
  return runProcess(program, parameters, { cwd, env })
}
