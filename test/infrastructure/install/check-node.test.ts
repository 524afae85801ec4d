import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";

const SCRIPT = join(import.meta.dirname, "../../../infrastructure/install/check-node.cjs");

/** The status and output of the script when npm on this Node installs the project. */
function installedBy(node: string) {
  const env = { npm_config_user_agent: `npm/10.9.9 node/v${node} linux x64 workspaces/false` };
  const { status, stdout, stderr } = spawnSync(process.execPath, [SCRIPT], { env, encoding: "utf8" });
  return { status, stdout, stderr };
}

test.each(["20.0.0", "22.12.0", "24.9.0", "100.1.0"])("Node %s installs the project without output", (node) => {
  expect(installedBy(node)).toEqual({ status: 0, stdout: "", stderr: "" });
});

test.each(["18.20.8", "19.9.0", "8.0.0"])("Node %s gets one line, and the install fails", (node) => {
  const stderr = `call-archive needs Node.js 20 or later to install, and this is ${node}: https://nodejs.org\n`;
  expect(installedBy(node)).toEqual({ status: 1, stdout: "", stderr });
});

test("checks the Node that runs it if npm does not", () => {
  const { status, stderr } = spawnSync(process.execPath, [SCRIPT], { env: {}, encoding: "utf8" });
  expect([status, stderr]).toEqual([0, ""]);
});
