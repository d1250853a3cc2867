/** The partitions of AWS, each a world of accounts of its own (AWS Account Management Reference Guide, "AWS Regions"; botocore's list). */
const partitions = [
  'aws',
  'aws-cn',
  'aws-us-gov',
  'aws-eusc',
  'aws-iso',
  'aws-iso-b',
  'aws-iso-e',
  'aws-iso-f',
] as const

export function isPartition(text: string): boolean {
  return partitions.some((partition) => partition === text)
}

/** For a regular expression: one of them. */
export const anyPartition = `(?:${partitions.join('|')})`
