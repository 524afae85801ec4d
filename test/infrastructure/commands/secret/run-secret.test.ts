import { afterEach, expect, test, vi } from "vitest";
import { runCommand } from "../../../support/fixtures/command.ts";
import { aStackServer } from "../../../support/servers/cloudformation-server.ts";
import { aSecretsServer, type StoredSecrets } from "../../../support/servers/secrets-server.ts";

afterEach(() => vi.unstubAllEnvs());

const PARAMETER = "arn:aws:ssm:us-east-1:123456789012:parameter/call-archive/CallArchive/";
const SECRET = "arn:aws:secretsmanager:us-east-1:123456789012:secret:";
const OUTPUTS = { webhook: "WebhookSecretArn", elevenlabs: "ElevenLabsSecretArn", mem0: "Mem0SecretArn" };

interface Given {
  /** The beginning of the ARN of each secret. */
  readonly prefix?: string;
  /** A secret that the stack does not have. */
  readonly without?: string;
  readonly outputs?: Readonly<Record<string, string>>;
  readonly stored?: Readonly<Record<string, string>>;
}

/** A stack with its secrets at `prefix`, the stored values, and the command on it. */
async function aStack({ prefix = PARAMETER, without, outputs = {}, stored = {} }: Given = {}) {
  const secrets: StoredSecrets = new Map(Object.entries(stored).map(([name, value]) => [name, { value }]));
  const used = Object.entries(OUTPUTS).filter(([name]) => name !== without);
  const arns = used.map(([name, output]) => [output, `${prefix}${name}`]);
  const [stack, stores] = [
    await aStackServer("CallArchive", { ...Object.fromEntries(arns), ...outputs }),
    await aSecretsServer(secrets),
  ];
  const environment = {
    ...{ AWS_REGION: "us-east-1", AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test", AWS_MAX_ATTEMPTS: "1" },
    AWS_ENDPOINT_URL: stores.url,
    AWS_ENDPOINT_URL_CLOUDFORMATION: stack.url,
  };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  const run = (args: readonly string[], input = "") =>
    runCommand("secret", "nowhere", [...args, "--stack", "CallArchive"], {}, { input });
  return { run, secrets, stores };
}

const nameOf = (name: string) => `/call-archive/CallArchive/${name}`;

test.each(["webhook", "elevenlabs", "mem0"])("stores %s as a parameter, and prints no value", async (name) => {
  const { run, secrets } = await aStack();
  const { code, out, error } = await run([name], " wsec_1\n");
  expect([code, error]).toEqual([0, ""]);
  expect(out).toContain(`stored in ${PARAMETER}${name}\n`);
  expect(out).not.toContain("wsec_1");
  expect([...secrets]).toEqual([[nameOf(name), { value: "wsec_1", key: "alias/aws/ssm" }]]);
});

test("encrypts with the key of the stack, or with the given one", async () => {
  const { run, secrets } = await aStack({ outputs: { KeyArn: "arn:aws:kms:us-east-1:123456789012:key/1" } });
  await run(["mem0"], "m0_1");
  expect(secrets.get(nameOf("mem0"))?.key).toBe("arn:aws:kms:us-east-1:123456789012:key/1");
  await run(["mem0", "--key", "alias/aws/ssm"], "m0_1");
  expect(secrets.get(nameOf("mem0"))?.key).toBe("alias/aws/ssm");
});

test("stores the value in Secrets Manager if the stack has its secrets there", async () => {
  const { run, secrets } = await aStack({ prefix: SECRET, stored: { [`${SECRET}mem0`]: "not set yet" } });
  expect(await run(["mem0"], "m0_1")).toMatchObject({ code: 0, error: "" });
  expect([...secrets]).toEqual([[`${SECRET}mem0`, { value: "m0_1" }]]);
});

test("--add keeps the stored webhook secrets valid, each once", async () => {
  const { run, secrets } = await aStack({ stored: { [nameOf("webhook")]: "wsec_1,wsec_2" } });
  expect(await run(["webhook", "--add"], "wsec_3, wsec_2")).toMatchObject({ code: 0 });
  expect(secrets.get(nameOf("webhook"))?.value).toBe("wsec_3,wsec_2,wsec_1");
});

test("replaces a stored webhook secret only with --yes if there is no terminal to ask on", async () => {
  const { run, secrets } = await aStack({ stored: { [nameOf("webhook")]: "wsec_1" } });
  const { code, error } = await run(["webhook"], "wsec_2");
  expect([code, error]).toEqual([2, "A webhook secret is stored already: --add keeps it valid, --yes replaces it\n"]);
  expect(secrets.get(nameOf("webhook"))?.value).toBe("wsec_1");
  expect(await run(["webhook", "--yes"], "wsec_2")).toMatchObject({ code: 0 });
  expect(secrets.get(nameOf("webhook"))?.value).toBe("wsec_2");
});

test.each([
  ["an empty value", "webhook", " \n"],
  ["no secret between commas", "webhook", " , ,"],
  ["the text for a missing value", "webhook", "not set yet"],
  ["a space in the value", "elevenlabs", "sk_ 1"],
  ["a value with a letter that no key has", "mem0", "m0_ü"],
  ["a value that no parameter can hold", "elevenlabs", `sk_${"x".repeat(4_094)}`],
])("refuses %s, stores nothing, and does not print it", async (_, name, input) => {
  const { run, secrets } = await aStack();
  const { code, out, error } = await run([name], input);
  expect([code, out, secrets.size]).toEqual([2, "", 0]);
  expect(error).not.toContain(input.trim() || "\n\n");
  expect(error.trimEnd().split("\n")).toHaveLength(1);
});

test("accepts the longest value that a parameter can hold", async () => {
  const { run, secrets } = await aStack();
  await run(["elevenlabs"], `sk_${"x".repeat(4_093)}`);
  expect(secrets.get(nameOf("elevenlabs"))?.value).toHaveLength(4_096);
});

test("lists which secrets are set, without their values, and ends with 1 if one is not", async () => {
  const stored = { [nameOf("webhook")]: "wsec_1", [nameOf("mem0")]: "m0_1" };
  const { run, secrets } = await aStack({ stored });
  const { code, out } = await run(["--format", "json"]);
  expect(code).toBe(1);
  expect(JSON.parse(out)).toMatchObject([
    { secret: "webhook", is_set: true, arn: `${PARAMETER}webhook` },
    { secret: "elevenlabs", is_set: false },
    { secret: "mem0", is_set: true },
  ]);
  expect(out).not.toMatch(/wsec_1|m0_1/);
  secrets.set(nameOf("elevenlabs"), { value: "sk_1" });
  expect(await run([])).toMatchObject({ code: 0, error: "" });
});

test("--copy stores the values of Secrets Manager as parameters, and changes nothing there", async () => {
  const stored = { webhook: "wsec_1,wsec_2", elevenlabs: "sk_1", mem0: "not set yet" };
  const arns = Object.entries(stored).map(([name, value]) => [`${SECRET}${name}`, value] as const);
  const { run, secrets } = await aStack({ prefix: SECRET, stored: Object.fromEntries(arns) });
  const { code, out, error } = await run(["--copy"]);
  expect([code, error]).toEqual([0, "mem0 is not set: there is nothing to copy\n"]);
  expect(out).toContain("The stored values are the same in Parameter Store now.");
  expect(Object.fromEntries([...secrets].map(([name, { value }]) => [name, value]))).toEqual({
    ...Object.fromEntries(arns),
    [nameOf("webhook")]: "wsec_1,wsec_2",
    [nameOf("elevenlabs")]: "sk_1",
  });
  // A second run does the same.
  expect(await run(["--copy"])).toMatchObject({ code: 0 });
});

test("--copy with another key encrypts the parameters again", async () => {
  const { run, secrets } = await aStack({ stored: { [nameOf("webhook")]: "wsec_1" } });
  await run(["--copy", "--key", "arn:aws:kms:us-east-1:123456789012:key/2"]);
  expect(secrets.get(nameOf("webhook"))).toEqual({ value: "wsec_1", key: "arn:aws:kms:us-east-1:123456789012:key/2" });
});

test("prints the reason if a store refuses, and ends with 1", async () => {
  const { run, stores, secrets } = await aStack();
  const denied = { status: 400, body: '{"__type":"AccessDeniedException","message":"you may not"}' } as const;
  for (const args of [["mem0"], ["--copy"], []]) {
    stores.fail({ does: "answer", ...denied });
    const { code, error } = await run(args, "m0_1");
    expect(code).toBe(1);
    expect(error).toMatch(/^the secret \/call-archive\/CallArchive\/\w+ cannot be (stored|read): you may not\n/);
  }
  expect(secrets.size).toBe(0);
});

test("help states that the stack is required", async () => {
  const { out } = await runCommand("secret", "nowhere", ["--help"]);
  expect(out).toMatch(/--stack <name> +the archive that is deployed as this stack; required\n/);
  expect(out).not.toContain("ARCHIVE_DIR");
});

test("a stack that does not use a service has no secret for it", async () => {
  const { run, secrets } = await aStack({ without: "mem0" });
  const error = "The stack CallArchive does not use the secret mem0\n";
  expect(await run(["mem0"], "m0_1")).toEqual({ code: 2, out: "", error });
  expect((await run([])).out).not.toContain("mem0");
  expect(secrets.size).toBe(0);
});
