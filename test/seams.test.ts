import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { App, Stack } from "aws-cdk-lib";
import { expect, test } from "vitest";
import { environment } from "../handlers/clients/credentials/environment.client.ts";
import type { Measure } from "../handlers/clients/observability/measure.ts";
import type { ProcessorVariables } from "../handlers/process/environment.ts";
import type { ReceiverVariables } from "../handlers/receive/environment.ts";
import type { ArchiveFunction } from "../infrastructure/aws/archive-function.ts";
import { metricOf } from "../infrastructure/aws/metric-of.ts";
import type { StackOutputs } from "../infrastructure/commands/toolkit/deployment/stack-outputs.client.ts";

const ROOT = join(import.meta.dirname, "..");

const SOURCES = globSync("{handlers,infrastructure,queries}/**/*.{ts,sql}", { cwd: ROOT }).map((file) => {
  const path = file.replaceAll("\\", "/");
  return { path, text: readFileSync(join(ROOT, path), "utf8") };
});

// `tsc` fails if a line below `@ts-expect-error` compiles.
test("a wrong name of a variable, a metric or an output does not compile", () => {
  const { required, optional } = environment<ReceiverVariables>();
  // @ts-expect-error no variable of that name
  expect(() => required("ARCHIVE_BUKET")).toThrow("the environment variable ARCHIVE_BUKET is not set");
  // @ts-expect-error a variable of the processor
  expect(() => required("QUEUE_URL")).toThrow("QUEUE_URL");
  // @ts-expect-error this one may be missing
  expect(() => required("ALLOWED_ADDRESSES")).toThrow("ALLOWED_ADDRESSES");
  // @ts-expect-error no variable of that name
  expect(optional("ALLOWED_ADRESSES")).toBeUndefined();
  // @ts-expect-error the function whose variables these are is missing
  expect(environment().optional("ARCHIVE_BUKET")).toBeUndefined();

  const stack = new Stack(new App(), "Typed");
  metricOf(stack, "Received", "receiver");
  // @ts-expect-error no metric of that name
  metricOf(stack, "Recieved", "receiver");
  // @ts-expect-error a metric of the compactor
  metricOf(stack, "DaysClosed", "receiver");
  const measure: Measure<"receiver"> = () => {};
  measure([{ name: "Received", value: 1 }]);
  // @ts-expect-error a metric of the compactor
  measure([{ name: "DaysClosed", value: 1 }]);

  const { output, optional: optionalOutput }: StackOutputs = { output: (name) => name, optional: (name) => name };
  expect(output("QueueUrl")).toBe("QueueUrl");
  // @ts-expect-error no output of that name
  expect(output("QueueURL")).toBe("QueueURL");
  // @ts-expect-error an archive without the reconciler does not have this output
  expect(output("ReconcilerLogGroup")).toBe("ReconcilerLogGroup");
  // @ts-expect-error no output of that name
  expect(optionalOutput("Mem0SecretARN")).toBe("Mem0SecretARN");
});

test("a function whose environment lacks a variable, or has one that it does not read, does not compile", () => {
  type Props = ConstructorParameters<typeof ArchiveFunction<ProcessorVariables>>[2];
  const environment: Props["environment"] = {
    ARCHIVE_BUCKET: "a",
    ANALYTICS_BUCKET: "b",
    QUEUE_URL: "c",
    MEM0_DIR: "d",
    MEM0_TELEMETRY: "e",
    ELEVENLABS_SECRET_ARN: undefined,
  };
  // @ts-expect-error no queue
  const incomplete: Props["environment"] = {
    ARCHIVE_BUCKET: "a",
    ANALYTICS_BUCKET: "b",
    MEM0_DIR: "",
    MEM0_TELEMETRY: "",
  };
  // @ts-expect-error no variable of that name
  const mistyped: Props["environment"] = { ...environment, ELEVENLABS_SECRET: "f" };
  expect([incomplete, mistyped]).toHaveLength(2);
  // @ts-expect-error the function whose variables these are is missing
  const untyped: ConstructorParameters<typeof ArchiveFunction>[2]["environment"] = environment;
  expect(untyped).toBe(environment);
});

/** The names in quotes in a file. */
function namesIn(path: string): string[] {
  const { text = "" } = SOURCES.find((source) => source.path === path) ?? {};
  return [...text.matchAll(/"(\w+)"/g)].map(([, name = ""]) => name);
}

/** The names in quotes in all other files. */
function namesOutside(...paths: readonly string[]): ReadonlySet<string> {
  const others = SOURCES.filter(({ path }) => !paths.includes(path) && !path.startsWith("infrastructure/aws/"));
  return new Set(others.flatMap(({ path }) => namesIn(path)));
}

test("every declared metric is published, and every declared variable is read", () => {
  const metrics = "handlers/clients/observability/measure.ts";
  const published = namesOutside(metrics);
  const services = ["receiver", "processor", "compactor", "reconciler", "Seconds"];
  expect(namesIn(metrics).filter((name) => !published.has(name) && !services.includes(name))).toEqual([]);
  const environments = SOURCES.map(({ path }) => path).filter((path) => path.endsWith("/environment.ts"));
  expect(environments).toHaveLength(6);
  const read = namesOutside(...environments);
  expect(environments.flatMap(namesIn).filter((name) => name === name.toUpperCase() && !read.has(name))).toEqual([]);
});

/** The lines of our code that `pattern` matches, without the files in `except`. */
function linesWith(pattern: RegExp, ...except: readonly string[]): string[] {
  return SOURCES.filter(({ path }) => !except.includes(path)).flatMap(({ path, text }) =>
    text.split("\n").flatMap((line) => (pattern.test(line) ? [`${path}: ${line.trim()}`] : [])),
  );
}

test("every AWS client has the retry policy", () => {
  const made = SOURCES.flatMap(({ path, text }) => {
    const clients = [...text.matchAll(/import \{([^}]+)\} from "@aws-sdk\/client-/g)].flatMap(([, names = ""]) =>
      names.split(",").map((name) => name.trim()),
    );
    const calls = [...text.matchAll(/new (\w+Client)\(\s*(\w*)/g)];
    return calls.filter(([, name = ""]) => clients.includes(name)).map(([, name, first]) => ({ path, name, first }));
  });
  expect(made.length).toBeGreaterThan(8);
  expect(made.filter(({ first }) => first !== "awsRetryPolicy")).toEqual([]);
});

test("only one file computes growing pauses", () => {
  const policy = "handlers/clients/retry-policy.ts";
  expect(linesWith(/\* 2 \*\*|\b(2|1\.5) \* \w*pause|\bpause\w* \* (2|1\.5)\b/i, policy)).toEqual([]);
});

test("only one file parses text that may be invalid JSON", () => {
  // `lean-json.ts` and `sent-json.ts` parse a body without its recording. `load` parses its own output, the computation
  // of costs its own sample call, and `npm run screenshots` its own archive. A page cannot import our parser.
  const others = [
    "handlers/call/lean-json.ts",
    "handlers/call/sent-json.ts",
    "infrastructure/commands/load/load-calls.ts",
    "infrastructure/cost/typical-call.ts",
    "infrastructure/picture/photograph-console.cli.ts",
    "infrastructure/picture/workshop.client.ts",
    "infrastructure/console/call/files.client.ts",
  ];
  expect(linesWith(/\bJSON\.parse\(|\.json\(\)/, "queries/tables/parsed-json.ts", ...others)).toEqual([]);
});

test("SQL statements contain only quoted names and literals, never raw values", () => {
  const statements = linesWith(
    /[`](create|select|insert|update|delete|drop|alter|set \w+ =|regexp_extract|from read_parquet) .*\$\{/i,
  );
  expect(statements.length).toBeGreaterThan(8);
  const made =
    /^(sqlName\(|sqlLiteral\(|literals\(|keptName\(|columnList\(|filesSql\(|rows\(side\)|condition$|schema\.join|emptySql\(table|columns\b|Object\.keys\(table\.columns\)\.map\(sqlName\))/;
  const pasted = statements.filter((line) =>
    [...line.matchAll(/\$\{([^}]*)/g)].some(([, what = ""]) => !made.test(what) && what !== "type"),
  );
  expect(pasted).toEqual([]);
  expect(linesWith(/'\$\{.*\}'.*\b(where|and|in)\b|\b(where|and|in)\b.* '\$\{/, "queries/tables/sql-text.ts")).toEqual(
    [],
  );
});

test("few files outside the memory client name the memory service", () => {
  const naming = SOURCES.filter(({ text }) => /mem0/i.test(text)).map(({ path }) => path);
  const outside = naming.filter((path) => !/^(handlers\/clients\/memory|infrastructure\/aws)\//.test(path));
  // They contain its variables, the hint where to set its key, and its prices.
  expect(outside.toSorted()).toEqual([
    "infrastructure/commands/erase/erase.command.ts",
    "infrastructure/commands/erase/run-erase.ts",
    "infrastructure/commands/reprocess/estimate.ts",
    "infrastructure/local/settings.ts",
  ]);
});
