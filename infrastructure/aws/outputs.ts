/** The outputs that every stack has. The stack writes them, and commands read them. */
export type OutputName =
  | "WebhookUrl"
  | "ArchiveBucketName"
  | "AnalyticsBucketName"
  | "DatabaseName"
  | "WorkgroupName"
  | "WebhookSecretArn"
  | "ProcessorLogGroup"
  | "ReceiverLogGroup"
  | "CompactorLogGroup"
  | "QueueUrl"
  | "DeadLettersUrl"
  | "AnalystsPolicyArn"
  | "MonitorLogGroup"
  | "AlarmTopicArn";

/**
 * The outputs that a stack has only with `remember`, `fetchRecordings`, `kmsKey`, `defaultCountryCode`, `dashboard` or
 * `readApi`.
 */
export type OptionalOutputName =
  | typeof MEMORY_KEY
  | "ElevenLabsSecretArn"
  | "ReconcilerLogGroup"
  | "KeyArn"
  | "DashboardUrl"
  | "ReadApiUrl"
  | "ReadApiPolicyArn"
  | "ReadApiLogGroup"
  | "BusyScheduleName"
  | "DefaultCountryCode";

/** The output that names the secret with the API key of the memory service. */
export const MEMORY_KEY = "Mem0SecretArn";

/** An output of a stack: its value, and its description for people. */
interface Output<Value> {
  readonly value: Value;
  readonly description: string;
}

/** All outputs of one stack. */
export type Outputs = Readonly<
  Record<OutputName, Output<string>> & Record<OptionalOutputName, Output<string | undefined>>
>;
