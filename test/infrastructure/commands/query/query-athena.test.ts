import { once } from "node:events";
import { expect, onTestFinished, test } from "vitest";
import { emptyFolder, engineOn, writeLive } from "../../../queries/analytics-folder.ts";
import { type Ran, runCommandAsProcess, spawnCommand } from "../../../support/fixtures/command.ts";
import { answersOf } from "../../../support/servers/athena-answers.ts";
import { type AthenaBehaviour, anAthenaServer } from "../../../support/servers/athena-server.ts";
import { aStackServer } from "../../../support/servers/cloudformation-server.ts";

const CREDENTIALS = { AWS_REGION: "us-east-1", AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" };

/** A fake Athena that returns the results of the local engine on two turns, and the environment that leads to it. */
async function aDeployment(behaviour: AthenaBehaviour = {}) {
  const folder = await emptyFolder();
  await writeLive(folder, {
    turns: [
      { dt: "2026-11-01", conversation_id: "c1", turn_index: 0, role: "user", message: "It's 'closed', isn't it?" },
      { dt: "2026-11-01", conversation_id: "c2", turn_index: 0, role: "agent", message: "hello" },
    ],
  });
  const athena = await anAthenaServer({ answer: answersOf(await engineOn(folder)), bytes: 12_300_000, ...behaviour });
  const stack = await aStackServer("CallArchive", { WorkgroupName: "archive", DatabaseName: "calls" });
  const env = { ...CREDENTIALS, AWS_ENDPOINT_URL_ATHENA: athena.url, AWS_ENDPOINT_URL_CLOUDFORMATION: stack.url };
  return {
    athena,
    stack,
    env,
    query: (...args: string[]): Promise<Ran> => runCommandAsProcess("query", "nowhere", args, env),
  };
}

const DAYS = ["2026-11-01", "2026-11-01"];

test("queries Athena in the workgroup of the stack, and prints the bytes read and their price", async () => {
  const { query, athena } = await aDeployment();
  const { code, out, error } = await query("find-phrase", "'closed'", ...DAYS, "--athena", "--format", "json");
  expect(error).toMatch(/Athena read 12\.30 MB in 1\.2 s; at its list price that is \$0\.000065\.\n$/);
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject([{ conversation_id: "c1", message: "It's 'closed', isn't it?" }]);
  expect(athena.executions).toMatchObject([
    { workgroup: "archive", database: "calls", parameters: ["'2026-11-01'", "'2026-11-01'", "'''closed'''", "'any'"] },
  ]);
});

test("queries a given workgroup and database without reading the stack", async () => {
  const { query, athena, stack } = await aDeployment();
  const place = ["--workgroup", "mine", "--database", "copies"];
  const { code, out } = await query("find-phrase", "hello", ...DAYS, "--athena", ...place);
  expect([code, out]).toEqual([0, expect.stringContaining("hello\n1 row\n")]);
  expect(athena.executions).toMatchObject([{ workgroup: "mine", database: "copies" }]);
  expect(stack.requests).toEqual([]);
});

test("reports that there is no such stack", async () => {
  const { query } = await aDeployment();
  const { code, error } = await query("languages", "--athena", "--stack", "Other");
  expect([code, error]).toEqual([2, "the stack Other cannot be read: Stack with id Other does not exist\n"]);
});

test("prints why Athena failed, and what to do", async () => {
  const { query } = await aDeployment({ byteLimit: 1_000 });
  const { code, out, error } = await query("languages", "--athena");
  expect({ code, out }).toEqual({ code: 1, out: "" });
  // On a busy machine, a line of progress comes first.
  expect(error).toMatch(/^Athena could not run a statement: .*limit was exceeded\. .* Query fewer days.*$/m);
});

test("does not send a value that is too long for Athena", async () => {
  const { query, athena } = await aDeployment();
  const { code, error } = await query("find-phrase", "x".repeat(10_000), ...DAYS, "--athena");
  expect([code, error]).toEqual([2, expect.stringContaining("Athena accepts values of up to 1024 characters")]);
  expect(athena.executions).toEqual([]);
});

// On Windows, a process cannot send Ctrl-C to another one.
test.skipIf(process.platform === "win32")("Ctrl-C also stops the query on Athena", async () => {
  const { athena, env } = await aDeployment({ polls: 10_000 });
  const child = spawnCommand("query", "nowhere", ["languages", "--athena"], env);
  onTestFinished(() => void child.kill("SIGKILL"));
  const printed = child.stderr.toArray();
  await expect.poll(() => athena.executions[0]?.polls ?? 0).toBeGreaterThan(0);
  child.kill("SIGINT");
  expect(await once(child, "exit")).toEqual([130, null]);
  expect(athena.stopped).toEqual(["0"]);
  expect(String(await printed)).toContain("The statement was stopped on Athena");
});
