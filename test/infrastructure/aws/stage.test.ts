import { expect, test } from "vitest";
import { at } from "../../../handlers/call/json.ts";
import { checkStage, type Stage, WrongStage } from "../../../infrastructure/aws/stage.ts";
import { EDGE_STAGES, REFUSED_STAGES } from "./edge-stages.ts";
import { resourcesOf, templateOf } from "./template.ts";

test.each(Object.entries(EDGE_STAGES))("accepts a stage at a limit of its props: %s", (_, stage) => {
  expect(() => checkStage(stage)).not.toThrow();
});

test.each(REFUSED_STAGES)("refuses a stage that AWS would refuse: %s", (message, stage) => {
  expect(() => checkStage(stage)).toThrow(WrongStage);
  expect(() => checkStage(stage)).toThrow(message);
});

test("the synthesis refuses such a stage", () => {
  expect(() => templateOf({ quietHours: 169 })).toThrow("quietHours is 169 hours: it must be from 1 to 168");
});

const LIFECYCLES = ["retention-1", "retention-30", "retention-31", "retention-90", "retention-91"] as const;

test.each(LIFECYCLES)(
  "every transition is before the expiration, and deleted versions stay a week at most: %s",
  (name) => {
    const days = EDGE_STAGES[name]?.retention?.toDays() ?? 0;
    const rules = rulesOf(name);
    const transitions = rules.flatMap((rule) => [at(rule, "Transitions") ?? []].flat());
    for (const transition of transitions) expect(at(transition, "TransitionInDays")).toBeLessThan(days);
    const all = rules.find((rule) => at(rule, "Id") === "calls");
    expect(all).toMatchObject({
      ExpirationInDays: days,
      NoncurrentVersionExpiration: { NoncurrentDays: Math.min(7, days) },
    });
    for (const rule of rules) {
      expect(at(rule, "ExpirationInDays") ?? days).toBeLessThanOrEqual(days);
      expect(at(rule, "Transitions")).not.toEqual([]);
    }
  },
);

test("the replication role may read the locks of objects, which it needs to copy them", () => {
  const template = templateOf(EDGE_STAGES["lock-and-replica"]);
  const roles = resourcesOf(template, "AWS::IAM::Policy").filter(({ id }) => id.includes("ReplicationRole"));
  const actions = JSON.stringify(roles.map(({ properties }) => properties));
  for (const right of ["s3:GetObjectRetention", "s3:GetObjectLegalHold", "s3:GetObjectVersionForReplication"]) {
    expect(actions).toContain(right);
  }
  const [role] = resourcesOf(template, "AWS::IAM::Role").filter(({ id }) => id.includes("ReplicationRole"));
  // No fixed name: two archives in one account would use the same.
  expect(at(role?.properties, "RoleName")).toBeUndefined();
});

function rulesOf(name: keyof typeof EDGE_STAGES): unknown[] {
  const template = templateOf(EDGE_STAGES[name]);
  const bucket = resourcesOf(template, "AWS::S3::Bucket").find(({ id }) => id.startsWith("ArchiveBucket"));
  return [at(bucket?.properties, "LifecycleConfiguration", "Rules")].flat();
}

test("the country code reaches every function that computes a caller, and the commands", () => {
  const template = templateOf({ defaultCountryCode: "44" });
  const withCode = resourcesOf(template, "AWS::Lambda::Function").filter(
    ({ properties }) => at(properties, "Environment", "Variables", "DEFAULT_COUNTRY_CODE") === "44",
  );
  expect(withCode.map(({ id }) => id.replace(/Handler.*$/, "")).toSorted()).toEqual([
    "Processor",
    "Receiver",
    "Reconciler",
  ]);
  expect(template.toJSON()["Outputs"]).toMatchObject({ DefaultCountryCode: { Value: "44" } });
  expect(templateOf({}).toJSON()["Outputs"]).not.toHaveProperty("DefaultCountryCode");
});

test("with recordingsReadSoon, the functions that store recordings put them into STANDARD", () => {
  const readersSoon = (stage: Stage) =>
    resourcesOf(templateOf(stage), "AWS::Lambda::Function").flatMap(({ id, properties }) =>
      at(properties, "Environment", "Variables", "RECORDINGS_READ_SOON") === "true"
        ? [id.replace(/Handler.*/, "")]
        : [],
    );
  expect(readersSoon({ recordingsReadSoon: true }).toSorted()).toEqual(["Processor", "Reconciler"]);
  expect(readersSoon({})).toEqual([]);
});
