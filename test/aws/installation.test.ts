import { afterEach, beforeEach, expect, vi } from "vitest";
import { installationOf } from "../../infrastructure/commands/toolkit/installation/installation-of.ts";
import { settingsFrom } from "../../infrastructure/local/settings.ts";
import { installationContract } from "../support/contracts/installation.ts";
import { anAthenaServer } from "../support/servers/athena-server.ts";
import { aDeployment, versionsIn } from "./a-deployment.ts";
import { AWS_ENV, describeAws } from "./aws.ts";
import { aQueue } from "./bare-deployment.ts";

describeAws("an installation", () => {
  beforeEach(() => {
    for (const [name, value] of Object.entries(AWS_ENV)) vi.stubEnv(name, value);
  });
  afterEach(() => vi.unstubAllEnvs());

  installationContract("on a stack", async () => {
    const athena = await anAthenaServer({
      answer: () => ({ columns: [{ name: "n", type: "bigint" }], rows: [["3"]] }),
    });
    vi.stubEnv("AWS_ENDPOINT_URL_ATHENA", athena.url);
    const [QueueUrl, DeadLettersUrl] = [await aQueue(), await aQueue()];
    const { StackName, pipeline } = await aDeployment({ QueueUrl, DeadLettersUrl, DashboardUrl: "the-dashboard" });
    const installation = await installationOf(StackName, settingsFrom({}));
    return {
      installation,
      leftovers: () => versionsIn(pipeline),
      settle: async () => {
        await expect.poll(() => installation.archive.head("12025550101/conv_1.mp3")).toBeDefined();
      },
    };
  });
});
