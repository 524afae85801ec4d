import fc from "fast-check";
import { expect, test } from "vitest";
import {
  denialsForAll,
  identityStatements,
  isAllowed,
  isNeededFor,
  type Need,
  type Statement,
  UnknownPolicy,
} from "./iam-policy.ts";

const BUCKET = "arn:aws:s3:::calls";

/** The statements of a policy. Elements that a test leaves out have defaults. */
function policy(...statements: readonly Readonly<Record<string, unknown>>[]): Statement[] {
  const whole = statements.map((each) => ({
    Effect: "Allow",
    Action: "s3:GetObject",
    Resource: `${BUCKET}/*`,
    ...each,
  }));
  return identityStatements("test", { Version: "2012-10-17", Statement: whole });
}

function need(more: Partial<Need> = {}): Need {
  return {
    action: "s3:GetObject",
    resource: `${BUCKET}/1/a.json`,
    context: { "aws:securetransport": "true" },
    ...more,
  };
}

test("an action that no statement allows is refused", () => {
  expect(isAllowed(need(), [])).toBe(false);
  expect(isAllowed(need(), policy({}))).toBe(true);
  expect(isAllowed(need({ action: "s3:PutObject" }), policy({}))).toBe(false);
  expect(isAllowed(need({ resource: "arn:aws:s3:::others/1/a.json" }), policy({}))).toBe(false);
});

test("a denial overrides every allowing statement, in any order", () => {
  const [allow, deny] = policy({}, { Effect: "Deny", Resource: `${BUCKET}/1/*` });
  for (const statements of [
    [allow, deny],
    [deny, allow],
  ]) {
    const known = statements.flatMap((each) => each ?? []);
    expect(isAllowed(need(), known)).toBe(false);
    expect(isAllowed(need({ resource: `${BUCKET}/2/a.json` }), known)).toBe(true);
  }
});

test.each([
  ["s3:Get*", true],
  ["S3:getobject", true],
  ["*", true],
  ["s3:GetObjec?", true],
  ["s3:GetObject?", false],
  ["s3:Get", false],
])("the action %s covers s3:GetObject: %s", (Action, expected) => {
  expect(isAllowed(need(), policy({ Action }))).toBe(expected);
});

test.each([
  ["*", true],
  [`${BUCKET}/*.json`, true],
  [`${BUCKET}/?/a.json`, true],
  [`${BUCKET}/*.mp3`, false],
  [`${BUCKET}/1/A.json`, false],
  [BUCKET, false],
  ["arn:aws:s3:::*", true],
  // A wildcard stays within its part of the ARN.
  ["arn:*/a.json", false],
  ["arn:aws:*:calls/1/a.json", false],
  // The dot is a dot.
  [`${BUCKET}/1/a.json`, true],
  [`${BUCKET}/1/aXjson`, false],
])("the resource %s covers an object: %s", (Resource, expected) => {
  expect(isAllowed(need(), policy({ Resource }))).toBe(expected);
});

test.each([
  [{ StringEquals: { "s3:prefix": ["live/", "days/"] } }, "days/", true],
  [{ StringEquals: { "s3:prefix": "live/" } }, "days/", false],
  [{ StringEquals: { "s3:prefix": "live/" } }, undefined, false],
  [{ StringEqualsIfExists: { "s3:prefix": "live/" } }, undefined, true],
  [{ StringNotEquals: { "s3:prefix": ["live/", "days/"] } }, "days/", false],
  [{ StringNotEquals: { "s3:prefix": "live/" } }, "days/", true],
  [{ StringNotEquals: { "s3:prefix": "live/" } }, undefined, true],
  [{ StringLike: { "S3:Prefix": "live/*" } }, "live/turns/", true],
  [{ StringNotLike: { "s3:prefix": "live/*" } }, "live/turns/", false],
  [{ Null: { "s3:prefix": "true" } }, undefined, true],
  [{ Null: { "s3:prefix": "false" } }, undefined, false],
  [{ Null: { "s3:prefix": "false" } }, "", true],
  [{ Bool: { "aws:SecureTransport": true } }, undefined, true],
  [{ Bool: { "aws:SecureTransport": "false" } }, undefined, false],
  [{ NumericLessThan: { "s3:max-keys": 10 } }, undefined, false],
  [{ StringLike: { "s3:prefix": "*" }, Bool: { "aws:SecureTransport": "false" } }, "x", false],
])("under %j a list with the prefix %s is allowed: %s", (Condition, prefix, expected) => {
  const context = { "aws:securetransport": "true", ...(prefix !== undefined && { "s3:prefix": prefix }) };
  const list = need({ action: "s3:ListBucket", resource: BUCKET, context });
  expect(isAllowed(list, policy({ Action: "s3:ListBucket", Resource: BUCKET, Condition }))).toBe(expected);
});

test.each([
  ["NotAction", { NotAction: "s3:*" }],
  ["NotResource", { NotResource: "*" }],
  ["Principal", { Principal: "*" }],
  ["an operator", { Condition: { DateLessThan: { "aws:CurrentTime": "2030-01-01" } } }],
  ["a condition key", { Condition: { StringEquals: { "aws:username": "x" } } }],
  ["a policy variable", { Resource: `${BUCKET}/\${aws:username}/*` }],
  ["an effect", { Effect: "Maybe" }],
  ["a reference", { Resource: { Ref: "Bucket" } }],
])("a policy with %s that is not modelled is an error", (_what, statement) => {
  expect(() => policy(statement)).toThrow(UnknownPolicy);
});

test("the denials for everyone in a resource's policy count, and its allowances for services do not", () => {
  const deny = { Effect: "Deny", Action: "s3:*", Resource: `${BUCKET}/*`, Principal: { AWS: "*" } };
  const service = { ...deny, Effect: "Allow", Principal: { Service: "logging.s3.amazonaws.com" } };
  const denials = denialsForAll("bucket", { Statement: [deny, service] });
  expect(isAllowed(need(), [...policy({}), ...denials])).toBe(false);
  const another = { ...deny, Effect: "Allow", Principal: { AWS: "arn:aws:iam::1:root" } };
  expect(() => denialsForAll("bucket", { Statement: another })).toThrow(UnknownPolicy);
});

const ACTIONS = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"] as const;
const KEYS = ["1/a.json", "1/a.mp3", "_index/a"] as const;

const anyStatement = fc.record({
  Effect: fc.constantFrom("Allow", "Deny"),
  Action: fc.uniqueArray(fc.constantFrom(...ACTIONS, "s3:*", "s3:Put*"), { minLength: 1 }),
  Resource: fc
    .uniqueArray(fc.constantFrom("/*", "/*.json", "/_index/*", "/1/a.mp3"), { minLength: 1 })
    .map((paths) => paths.map((path) => BUCKET + path)),
});
const anyNeed = fc
  .record({ action: fc.constantFrom(...ACTIONS), key: fc.constantFrom(...KEYS) })
  .map(({ action, key }) => need({ action, resource: `${BUCKET}/${key}` }));

test("removing an allowing statement or adding a denial never allows more", () => {
  fc.assert(
    fc.property(fc.array(anyStatement), anyStatement, anyNeed, (documents, another, requested) => {
      const statements = policy(...documents);
      const before = isAllowed(requested, statements);
      const fewer = statements.filter(({ effect }, n) => effect === "Deny" || n !== 0);
      expect(isAllowed(requested, fewer) && !before).toBe(false);
      const denied = [...statements, ...policy({ ...another, Effect: "Deny" })];
      expect(isAllowed(requested, denied) && !before).toBe(false);
    }),
  );
});

test("a call needs a statement exactly if it is allowed with it and refused without it", () => {
  fc.assert(
    fc.property(fc.array(anyStatement, { minLength: 1 }), fc.array(anyNeed, { minLength: 1 }), (documents, needs) => {
      const statements = policy(...documents);
      const allowedBy = (some: readonly Statement[]) => needs.every((each) => isAllowed(each, some));
      for (const statement of statements) {
        const isNeeded = allowedBy(statements) && !allowedBy(statements.filter((each) => each !== statement));
        expect(isNeededFor(needs, statement, statements)).toBe(isNeeded);
      }
    }),
  );
});

test("a call whose only statement is missing is refused", () => {
  const statements = policy({}, { Action: "s3:PutObject" });
  for (const [n, action] of ["s3:GetObject", "s3:PutObject"].entries()) {
    expect(isAllowed(need({ action }), statements)).toBe(true);
    expect(
      isAllowed(
        need({ action }),
        statements.filter((_, m) => m !== n),
      ),
    ).toBe(false);
  }
});
