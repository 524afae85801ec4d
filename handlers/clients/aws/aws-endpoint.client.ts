/** The services with signed requests, by their names in a signature. The values are their names in variables. */
const SERVICES = { s3: "S3", ssm: "SSM", secretsmanager: "SECRETS_MANAGER" } as const;

export type AwsService = keyof typeof SERVICES;

/**
 * The address of `service` in this region, or of a bucket in it. The environment may set another one, with the same
 * variables as for the AWS SDK; the bucket is then in its path.
 *
 * `URL_SUFFIX` is the domain of the partition; by default that of most regions.
 */
export function awsEndpoint(service: AwsService, bucket?: string): string {
  const set = process.env[`AWS_ENDPOINT_URL_${SERVICES[service]}`] || process.env["AWS_ENDPOINT_URL"];
  if (set) return [set.replace(/\/$/, ""), ...(bucket === undefined ? [] : [bucket])].join("/");
  const host = [...(bucket === undefined ? [] : [bucket]), service, awsRegion(), process.env["URL_SUFFIX"] || DOMAIN];
  return `https://${host.join(".")}`;
}

const DOMAIN = "amazonaws.com";

/** The region of this function. Lambda sets its variable. */
export function awsRegion(): string {
  const region = process.env["AWS_REGION"];
  if (!region) throw new Error("the environment variable AWS_REGION is not set");
  return region;
}

/** The credentials of this function's role. Lambda sets their variables. */
export function roleCredentials() {
  const { AWS_ACCESS_KEY_ID = "", AWS_SECRET_ACCESS_KEY = "", AWS_SESSION_TOKEN } = process.env;
  return {
    accessKeyId: AWS_ACCESS_KEY_ID,
    secretAccessKey: AWS_SECRET_ACCESS_KEY,
    ...(AWS_SESSION_TOKEN && { sessionToken: AWS_SESSION_TOKEN }),
  };
}
