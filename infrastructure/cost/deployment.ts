import { at, entries, integer, list, text } from "../../handlers/call/json.ts";
import { monthlyRuns } from "./monthly-runs.ts";

/** The functions that handle calls. Others may run on a schedule. */
const FUNCTIONS = ["Receiver", "Processor", "Compactor", "Reconciler"] as const;

export type FunctionName = (typeof FUNCTIONS)[number];

/** The settings of a function that decide its price. */
export interface DeployedFunction {
  readonly memoryMegabytes: number;
  readonly diskMegabytes: number;
  /** Scheduled runs in a month of 30 days; 0 if it has no schedule. */
  readonly monthlyRuns: number;
  /** The runs in a month of a schedule that is enabled only while there is work, if it were always enabled. */
  readonly monthlyRunsWhileBusy: number;
  /** How many secrets, and how many parameters, it may read. */
  readonly secrets: number;
  readonly parameters: number;
  /** Whether it reads metrics from CloudWatch. */
  readonly isMetricReader: boolean;
}

/** A move to another storage class. */
export interface Move {
  readonly days: number;
  readonly to: StorageClass;
}

/** The storage classes that this page has prices for. */
const STORAGE_CLASSES = ["STANDARD", "STANDARD_IA", "GLACIER_IR", "GLACIER"] as const;

export type StorageClass = (typeof STORAGE_CLASSES)[number];

/** The parts of a deployment that have a price. */
export interface Deployment {
  readonly functions: Readonly<Record<FunctionName, DeployedFunction>>;
  /** Other functions with a schedule, by the start of their ids. */
  readonly otherFunctions: Readonly<Record<string, DeployedFunction>>;
  /** The metrics in all alarms together: an alarm on an expression watches several. */
  readonly alarmMetrics: number;
  readonly alarms: number;
  readonly dashboards: number;
  readonly secrets: number;
  /** Filters of S3's request metrics. */
  readonly requestMetricFilters: number;
  /** The moves of the archive's objects to colder classes. */
  readonly moves: readonly Move[];
  /** How long the functions' logs are kept, in days. */
  readonly logDays: number;
  /** How long S3's access logs are kept, in days; 0 if there are none. */
  readonly accessLogDays: number;
  readonly reconcileHours: number;
}

interface Resource {
  readonly id: string;
  readonly properties: unknown;
}

/**
 * Reads the parts of a synthesised template that have a price.
 *
 * @throws if it lacks a function, or has a storage class or schedule that this page has no price for.
 */
export function deploymentIn(template: unknown): Deployment {
  const all = (type: string): Resource[] =>
    entries(at(template, "Resources")).flatMap(([id, resource]) =>
      at(resource, "Type") === type ? [{ id, properties: at(resource, "Properties") }] : [],
    );
  const buckets = all("AWS::S3::Bucket");
  const archive = buckets.find(({ id }) => id.startsWith("ArchiveBucket"))?.properties;
  const accessLogs = buckets.find(({ id }) => id.startsWith("ArchiveAccessLogs"))?.properties;
  const rules = rulesOf(archive);
  const alarms = all("AWS::CloudWatch::Alarm");
  const functionOf = (name: string) => deployedFunction(name, all);
  const reconciler = all("AWS::Lambda::Function").find(({ id }) => id.startsWith("Reconciler"));
  return {
    functions: {
      Receiver: functionOf("Receiver"),
      Processor: functionOf("Processor"),
      Compactor: functionOf("Compactor"),
      Reconciler: functionOf("Reconciler"),
    },
    otherFunctions: Object.fromEntries(
      all("AWS::Lambda::Function")
        .map(({ id }) => id.replace(/Handler.*/, ""))
        .filter((name) => !FUNCTIONS.some((each) => each === name))
        .map((name) => [name, functionOf(name)] as const)
        .filter(([, { monthlyRuns }]) => monthlyRuns > 0),
    ),
    alarms: alarms.length,
    alarmMetrics: alarms.reduce((sum, alarm) => sum + metricsOf(alarm), 0),
    dashboards: all("AWS::CloudWatch::Dashboard").length,
    secrets: all("AWS::SecretsManager::Secret").length,
    requestMetricFilters: buckets.reduce((sum, { properties }) => sum + filtersOf(properties), 0),
    moves: rules.flatMap(movesOf),
    logDays: Math.max(0, ...all("AWS::Logs::LogGroup").map((group) => numberAt(group, "RetentionInDays"))),
    accessLogDays: Math.max(0, ...rulesOf(accessLogs).map((rule) => integer(at(rule, "ExpirationInDays")) ?? 0)),
    reconcileHours: Number(text(at(reconciler?.properties, "Environment", "Variables", "RECONCILE_HOURS")) ?? 0),
  };
}

function deployedFunction(name: string, all: (type: string) => Resource[]): DeployedFunction {
  const found = all("AWS::Lambda::Function").find(({ id }) => id.startsWith(name));
  if (!found) throw new Error(`the template has no function ${name}`);
  const rules = all("AWS::Events::Rule").filter(({ properties }) => JSON.stringify(properties).includes(found.id));
  const [whileBusy = [], always = []] = [true, false].map((isBusy) =>
    rules.filter(({ id }) => id.includes(BUSY) === isBusy),
  );
  const statements = all("AWS::IAM::Policy")
    .filter(({ id }) => id.startsWith(name))
    .flatMap(({ properties }) => list(at(properties, "PolicyDocument", "Statement")));
  return {
    memoryMegabytes: numberAt(found, "MemorySize"),
    diskMegabytes: integer(at(found.properties, "EphemeralStorage", "Size")) ?? 512,
    monthlyRuns: runsOf(always),
    monthlyRunsWhileBusy: runsOf(whileBusy),
    secrets: readable(statements, "secretsmanager:GetSecretValue"),
    parameters: readable(statements, "ssm:GetParameter"),
    isMetricReader: readable(statements, "cloudwatch:GetMetricData") > 0,
  };
}

/** How many resources the statements with `action` name. */
function readable(statements: readonly unknown[], action: string): number {
  const granting = statements.filter((statement) =>
    [at(statement, "Action")].flat().some((each) => String(each).startsWith(action)),
  );
  return granting.reduce<number>((sum, statement) => sum + [at(statement, "Resource")].flat().length, 0);
}

/** The part of a rule's id by which a schedule is known that is enabled only while there is work. */
const BUSY = "BusySchedule";

function runsOf(rules: readonly Resource[]): number {
  return rules.reduce((sum, { properties }) => sum + monthlyRuns(text(at(properties, "ScheduleExpression"))), 0);
}

function metricsOf({ properties }: Resource): number {
  const ofExpression = list(at(properties, "Metrics")).filter((metric) => at(metric, "MetricStat") !== undefined);
  return Math.max(1, ofExpression.length);
}

function filtersOf(bucket: unknown): number {
  return list(at(bucket, "MetricsConfigurations")).length;
}

function rulesOf(bucket: unknown): readonly unknown[] {
  return list(at(bucket, "LifecycleConfiguration", "Rules"));
}

function movesOf(rule: unknown): Move[] {
  return list(at(rule, "Transitions")).map((transition) => {
    const name = text(at(transition, "StorageClass"));
    const to = STORAGE_CLASSES.find((each) => each === name);
    if (!to) throw new Error(`the storage class ${name} has no price here`);
    return { days: integer(at(transition, "TransitionInDays")) ?? 0, to };
  });
}

function numberAt({ properties }: Resource, name: string): number {
  return integer(at(properties, name)) ?? 0;
}
