/**
 * The name of the parameter of Systems Manager with this ARN; `undefined` for another ARN, such as that of a secret in
 * Secrets Manager. The ARN contains the name with its leading slash (docs.aws.amazon.com, Parameter ARNs, 2026-11).
 */
export function parameterNameIn(arn: string): string | undefined {
  return /^arn:[^:]+:ssm:[^:]*:[^:]*:parameter(\/.+)$/.exec(arn)?.[1];
}
