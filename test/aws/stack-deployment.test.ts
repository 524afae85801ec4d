import { afterEach, beforeEach, expect, vi } from "vitest";
import { deploymentOf } from "../../infrastructure/commands/toolkit/deployment/deployment-of.ts";
import { settingsFrom } from "../../infrastructure/local/settings.ts";
import { deploymentContract } from "../support/contracts/deployment.ts";
import { anAthenaServer } from "../support/servers/athena-server.ts";
import { aDeployment, versionsIn } from "./a-deployment.ts";
import { AWS_ENV, describeAws } from "./aws.ts";
import { aQueue } from "./bare-deployment.ts";

describeAws("a deployed stack", () => {
  beforeEach(() => {
    for (const [name, value] of Object.entries(AWS_ENV)) vi.stubEnv(name, value);
  });
  afterEach(() => vi.unstubAllEnvs());

  deploymentContract("on a stack", async () => {
    const athena = await anAthenaServer({
      answer: () => ({ columns: [{ name: "n", type: "bigint" }], rows: [["3"]] }),
    });
    vi.stubEnv("AWS_ENDPOINT_URL_ATHENA", athena.url);
    const [QueueUrl, DeadLettersUrl] = [await aQueue(), await aQueue()];
    const { StackName, pipeline } = await aDeployment({ QueueUrl, DeadLettersUrl, DashboardUrl: "the-dashboard" });
    const deployment = await deploymentOf(StackName, settingsFrom({}));
    return {
      deployment,
      leftovers: () => versionsIn(pipeline),
      processAll: async () => {
        await expect.poll(() => deployment.archive.head("12025550101/conv_1.mp3")).toBeDefined();
      },
    };
  });
});
