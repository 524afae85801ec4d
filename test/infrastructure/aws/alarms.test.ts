import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { at } from "../../../handlers/call/json.ts";
import type { Stage } from "../../../infrastructure/aws/stage.ts";
import { type Resource, resourcesOf, templateOf } from "./template.ts";

const FEW = alarmsOf({});
const EACH = alarmsOf({ alarms: "each" });

/** The problems that notify, with few alarms or with one for each. */
const PROTECTIONS = [
  ...["DeadLetters", "OldestMessage", "Receiver5xx", "Refusals", "ProcessorErrors", "ProcessorDuration"],
  ...["OldestOpenDay", "CompactorErrors", "UnreadableObjects", "MissingCalls", "WebhookFindings", "ReconcilerErrors"],
  ...["ReceiverThrottled", "NoCalls"],
];

function alarmsOf(stage: Stage): Resource[] {
  return resourcesOf(templateOf(stage), "AWS::CloudWatch::Alarm");
}

/** The name of an alarm's section in docs/operating.md. */
function sectionOf({ properties }: Resource): string {
  return /operating\.md, (\w+)$/.exec(String(at(properties, "AlarmDescription")))?.[1] ?? "";
}

test("by default two alarms watch one metric each, and there is no dashboard and no request metric", () => {
  expect(FEW.map(sectionOf).toSorted()).toEqual(["Problems", "Receiver5xx"]);
  for (const { properties } of FEW) expect(at(properties, "Metrics")).toBeUndefined();
  const template = templateOf();
  for (const type of ["AWS::CloudWatch::Dashboard", "AWS::CloudWatch::CompositeAlarm"])
    expect(resourcesOf(template, type)).toEqual([]);
  expect(JSON.stringify(resourcesOf(template, "AWS::S3::Bucket"))).not.toContain("MetricsConfigurations");
  expect(template.toJSON()["Outputs"]).not.toHaveProperty("DashboardUrl");
});

test("no alarm of the default stack watches a metric that CloudWatch bills while all is well", () => {
  const counted = resourcesOf(templateOf(), "AWS::Logs::MetricFilter").flatMap(({ properties }) => {
    const [transformation] = [at(properties, "MetricTransformations")].flat();
    // With a default value, the metric would have values, and a price, in every hour.
    expect(at(transformation, "DefaultValue")).toBeUndefined();
    return [`${at(transformation, "MetricNamespace")} ${at(transformation, "MetricName")}`];
  });
  for (const { properties } of FEW) {
    const [namespace, name] = [at(properties, "Namespace"), at(properties, "MetricName")];
    if (!String(namespace).startsWith("AWS/")) expect(counted).toContain(`${namespace} ${name}`);
  }
});

test("Receiver5xx counts deliveries with status 5xx in the access log, and no request of the read API", () => {
  const [filter] = resourcesOf(templateOf(), "AWS::Logs::MetricFilter");
  expect(at(filter?.properties, "FilterPattern")).toBe('{ ($.route = "POST /post-call*") && ($.status = "5*") }');
  const [stage] = resourcesOf(templateOf(), "AWS::ApiGatewayV2::Stage");
  const logged = at(stage?.properties, "AccessLogSettings");
  expect(JSON.parse(String(at(logged, "Format")))).toMatchObject({
    route: "$context.routeKey",
    status: "$context.status",
  });
  expect(at(logged, "DestinationArn", "Fn::GetAtt")).toEqual([at(filter?.properties, "LogGroupName", "Ref"), "Arn"]);
  const [alarm] = FEW.filter((each) => sectionOf(each) === "Receiver5xx");
  const transformation = [at(filter?.properties, "MetricTransformations")].flat()[0];
  for (const [ofAlarm, ofFilter] of [
    ["MetricName", "MetricName"],
    ["Namespace", "MetricNamespace"],
  ] as const) {
    expect(at(alarm?.properties, ofAlarm)).toBe(at(transformation, ofFilter));
  }
  expect(at(transformation, "MetricValue")).toBe("1");
});

test("a stage can have an alarm for each problem, a dashboard and request metrics", () => {
  expect(EACH.map(sectionOf).toSorted()).toEqual(["Problems", ...PROTECTIONS].toSorted());
  const template = templateOf({ dashboard: true, requestMetrics: true });
  expect(resourcesOf(template, "AWS::CloudWatch::Dashboard")).toHaveLength(1);
  expect(JSON.stringify(resourcesOf(template, "AWS::CloudWatch::Dashboard"))).toContain("PutRequests");
  expect(JSON.stringify(resourcesOf(template, "AWS::S3::Bucket"))).toContain('"Id":"EntireBucket"');
  expect(template.toJSON()["Outputs"]).toHaveProperty("DashboardUrl");
  const without = resourcesOf(templateOf({ dashboard: true }), "AWS::CloudWatch::Dashboard");
  expect(JSON.stringify(without)).not.toContain("PutRequests");
});

test("every metric is sent only with a dashboard or with each alarm", () => {
  const sends = (stage: Stage) =>
    resourcesOf(templateOf(stage), "AWS::Lambda::Function").flatMap(({ id, properties }) =>
      at(properties, "Environment", "Variables", "CALL_ARCHIVE_METRICS") === "all" ? [id.replace(/Handler.*/, "")] : [],
    );
  const measured = ["Compactor", "Processor", "Receiver", "Reconciler"];
  expect(sends({})).toEqual([]);
  expect(sends({ dashboard: true }).toSorted()).toEqual(measured);
  expect(sends({ alarms: "each" }).toSorted()).toEqual(measured);
});

test("every alarm has an action, and a section in docs/operating.md; so has every problem", async () => {
  const page = await readFile("docs/operating.md", "utf8");
  for (const alarm of [...FEW, ...EACH]) {
    expect(at(alarm.properties, "AlarmActions")).toHaveLength(1);
    expect(at(alarm.properties, "OKActions")).toHaveLength(1);
    expect(page).toContain(`### ${sectionOf(alarm)}\n`);
  }
  for (const name of PROTECTIONS) expect(page).toContain(`### ${name}\n`);
});

test("the end of the data of some alarms notifies, and a new stack raises no alarm", () => {
  for (const { id, properties } of [...FEW, ...EACH]) {
    expect(["missing", "notBreaching"], id).toContain(at(properties, "TreatMissingData"));
    const isSilenceBad = at(properties, "TreatMissingData") === "missing";
    expect(at(properties, "InsufficientDataActions") !== undefined, id).toBe(isSilenceBad);
  }
  const silent = (alarms: Resource[]) =>
    alarms.filter(({ properties }) => at(properties, "InsufficientDataActions")).map(sectionOf);
  expect(silent(FEW)).toEqual(["Problems"]);
  expect(silent(EACH).toSorted()).toEqual(["NoCalls", "OldestOpenDay", "Problems"]);
});

test("the alarm Problems watches the errors of the monitor", () => {
  const [problems] = FEW.filter((alarm) => sectionOf(alarm) === "Problems");
  expect(problems?.properties).toMatchObject({
    Namespace: "AWS/Lambda",
    MetricName: "Errors",
    Period: 3600,
    EvaluationPeriods: 1,
    Threshold: 0,
    Dimensions: [{ Name: "FunctionName", Value: { Ref: expect.stringMatching(/^MonitorHandler/) } }],
  });
});

test("the monitor reads the metrics of the functions and queues of its stack", () => {
  const variables = (stage: Stage) => {
    const [monitor] = resourcesOf(templateOf(stage), "AWS::Lambda::Function").filter(({ id }) =>
      id.startsWith("MonitorHandler"),
    );
    return at(monitor?.properties, "Environment", "Variables");
  };
  expect(variables({ quietHours: 48, refusalsPerQuarterHour: 5 })).toMatchObject({
    QUEUE_NAME: { "Fn::GetAtt": [expect.stringMatching(/^ProcessorQueue/), "QueueName"] },
    DEAD_LETTERS_NAME: { "Fn::GetAtt": [expect.stringMatching(/^ProcessorDeadLetters/), "QueueName"] },
    RECEIVER_NAME: { Ref: expect.stringMatching(/^ReceiverHandler/) },
    PROCESSOR_NAME: { Ref: expect.stringMatching(/^ProcessorHandler/) },
    COMPACTOR_NAME: { Ref: expect.stringMatching(/^CompactorHandler/) },
    RECONCILER_NAME: { Ref: expect.stringMatching(/^ReconcilerHandler/) },
    METRICS_NAMESPACE: "CallArchive",
    QUIET_HOURS: "48",
    REFUSALS_PER_QUARTER_HOUR: "5",
    PROCESSOR_TIMEOUT_SECONDS: "300",
  });
  expect(variables({ fetchRecordings: false })).not.toHaveProperty("RECONCILER_NAME");
});

test("the processor and the compactor know the rule that runs the compactor while there is work", () => {
  const template = templateOf();
  const [name] = resourcesOf(template, "AWS::Events::Rule").flatMap(({ properties }) => at(properties, "Name") ?? []);
  const knows = resourcesOf(template, "AWS::Lambda::Function").filter(
    ({ properties }) => at(properties, "Environment", "Variables", "BUSY_SCHEDULE") === name,
  );
  expect(knows.map(({ id }) => id.replace(/Handler.*/, "")).toSorted()).toEqual(["Compactor", "Processor"]);
  expect(String(name)).toMatch(/^CallArchive.{1,53}$/);
});
