import { expect, test } from "vitest";
import { runCommandAsProcess } from "../support/fixtures/command.ts";
import { newFolder } from "../support/fixtures/local.ts";
import { anAthenaServer } from "../support/servers/athena-server.ts";
import { aDeployment, versionsIn } from "./a-deployment.ts";
import { AWS_ENV, describeAws } from "./aws.ts";

const CLI = "smoke";

/** A deployment with an Athena that finds `rows`. */
async function withAthena(rows: string) {
  const athena = await anAthenaServer({ answer: () => ({ columns: [{ name: "n", type: "bigint" }], rows: [[rows]] }) });
  return { ...(await aDeployment()), env: { ...AWS_ENV, AWS_ENDPOINT_URL_ATHENA: athena.url } };
}

describeAws("npm run smoke on a deployment", () => {
  test("prints the results of the test call, and removes every version of it", async () => {
    const { pipeline, StackName, env } = await withAthena("1");
    const { code, out, error } = await runCommandAsProcess(CLI, await newFolder(), ["--stack", StackName], env);
    expect([code, error]).toEqual([0, ""]);
    expect(out).toMatch(/\.mp3 +\d+ +GLACIER_IR +webhook/);
    expect(out).toContain("Everything arrived.");
    expect(await versionsIn(pipeline)).toEqual([]);
  });

  test("prints the tables in which Athena does not find the call", async () => {
    const { StackName, env } = await withAthena("0");
    const { code, error } = await runCommandAsProcess(CLI, await newFolder(), ["--stack", StackName], env);
    expect(code).toBe(1);
    expect(error).toContain("Missing: conversations has no row of the call: look at the workgroup archive");
  });

  test("prints an error for an unknown stack", async () => {
    const { code, error } = await runCommandAsProcess(CLI, await newFolder(), ["--stack", "Nowhere"], AWS_ENV);
    expect([code, error]).toEqual([2, expect.stringContaining("the stack Nowhere cannot be read")]);
  });
});
