import { expect, test } from "vitest";
import { deploymentIn } from "../../../infrastructure/cost/deployment.ts";
import { resourcesOf, templateOf } from "../aws/template.ts";

const template = templateOf();

/** The template with more resources, or other ones. */
function templateWith(resources: Record<string, unknown>) {
  const { Resources, ...rest } = template.toJSON();
  return { ...rest, Resources: { ...Resources, ...resources } };
}

function idOf(type: string, start: string): string {
  return resourcesOf(template, type).find(({ id }) => id.startsWith(start))?.id ?? "";
}

test("reads the memory, the disk, the schedule and the secrets of each function", () => {
  const { Receiver, Processor, Compactor, Reconciler } = deploymentIn(template.toJSON()).functions;
  expect(Receiver).toMatchObject({ memoryMegabytes: 512, diskMegabytes: 512, monthlyRuns: 0 });
  expect(Processor).toMatchObject({ memoryMegabytes: 512, diskMegabytes: 2_048, monthlyRuns: 0 });
  expect(Compactor).toMatchObject({ memoryMegabytes: 2_048, secrets: 0, parameters: 0 });
  expect(Reconciler).toMatchObject({ memoryMegabytes: 512, monthlyRuns: 720 });
  expect(Receiver.secrets + Receiver.parameters).toBe(1);
  expect(Processor.secrets + Processor.parameters).toBe(2);
});

test("counts each metric of an alarm on an expression", () => {
  const Metrics = [
    { Id: "sum", Expression: "one + other" },
    { Id: "one", MetricStat: {} },
    { Id: "other", MetricStat: {} },
  ];
  const before = deploymentIn(template.toJSON());
  const after = deploymentIn(templateWith({ More: { Type: "AWS::CloudWatch::Alarm", Properties: { Metrics } } }));
  expect(after.alarms).toBe(before.alarms + 1);
  expect(after.alarmMetrics).toBe(before.alarmMetrics + 2);
});

test("counts what a function may read of SSM", () => {
  const Statement = [
    { Effect: "Allow", Action: ["ssm:GetParameter", "ssm:GetParameters"], Resource: ["one", "other"] },
    { Effect: "Allow", Action: "s3:GetObject", Resource: "*" },
  ];
  const policy = { Type: "AWS::IAM::Policy", Properties: { PolicyDocument: { Statement } } };
  const { parameters } = deploymentIn(templateWith({ CompactorMore: policy })).functions.Compactor;
  expect(parameters).toBe(2);
});

test.each([
  ["rate(1 day)", 30],
  ["rate(2 hours)", 360],
  ["rate(1 minute)", 43_200],
  ["cron(17 * * * ? *)", 720],
  ["cron(0 3 * * ? *)", 30],
])("%s is %i more runs in a month", (ScheduleExpression, runs) => {
  const Targets = [{ Arn: { "Fn::GetAtt": [idOf("AWS::Lambda::Function", "Compactor"), "Arn"] } }];
  const rule = { Type: "AWS::Events::Rule", Properties: { ScheduleExpression, Targets } };
  const before = deploymentIn(template.toJSON()).functions.Compactor.monthlyRuns;
  expect(deploymentIn(templateWith({ More: rule })).functions.Compactor.monthlyRuns).toBe(before + runs);
});

test("counts a schedule that is enabled only while there is work separately", () => {
  const Targets = [{ Arn: { "Fn::GetAtt": [idOf("AWS::Lambda::Function", "Compactor"), "Arn"] } }];
  const rule = { Type: "AWS::Events::Rule", Properties: { ScheduleExpression: "rate(1 minute)", Targets } };
  const before = deploymentIn(template.toJSON()).functions.Compactor;
  const after = deploymentIn(templateWith({ CompactorBusyScheduleMore: rule })).functions.Compactor;
  expect(after.monthlyRuns).toBe(before.monthlyRuns);
  expect(after.monthlyRunsWhileBusy).toBe(before.monthlyRunsWhileBusy + 43_200);
});

test("reads another function with a schedule, and whether it reads metrics", () => {
  const Statement = [{ Effect: "Allow", Action: "cloudwatch:GetMetricData", Resource: "*" }];
  const Targets = [{ Arn: { "Fn::GetAtt": ["WatcherHandler1", "Arn"] } }];
  const { otherFunctions } = deploymentIn(
    templateWith({
      WatcherHandler1: { Type: "AWS::Lambda::Function", Properties: { MemorySize: 256 } },
      WatcherPolicy1: { Type: "AWS::IAM::Policy", Properties: { PolicyDocument: { Statement } } },
      WatcherSchedule1: {
        Type: "AWS::Events::Rule",
        Properties: { ScheduleExpression: "rate(1 hour)", Targets },
      },
    }),
  );
  expect(otherFunctions["Watcher"]).toMatchObject({ memoryMegabytes: 256, monthlyRuns: 720, isMetricReader: true });
  expect(otherFunctions).not.toHaveProperty("Views");
});

test("what has no price here is an error, and not free", () => {
  const Targets = [{ Arn: { "Fn::GetAtt": [idOf("AWS::Lambda::Function", "Compactor"), "Arn"] } }];
  const cron = { Type: "AWS::Events::Rule", Properties: { ScheduleExpression: "cron(0/5 3 * * ? *)", Targets } };
  expect(() => deploymentIn(templateWith({ More: cron }))).toThrow(
    "the schedule cron(0/5 3 * * ? *) has no price here",
  );
  const Rules = [{ Transitions: [{ StorageClass: "DEEP_ARCHIVE", TransitionInDays: 180 }] }];
  const bucket = { Type: "AWS::S3::Bucket", Properties: { LifecycleConfiguration: { Rules } } };
  const archive = idOf("AWS::S3::Bucket", "ArchiveBucket");
  expect(() => deploymentIn(templateWith({ [archive]: bucket }))).toThrow("DEEP_ARCHIVE has no price here");
  expect(() => deploymentIn({})).toThrow("the template has no function Receiver");
});
