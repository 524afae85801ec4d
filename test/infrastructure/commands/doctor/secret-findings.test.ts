import { afterEach, expect, test, vi } from "vitest";
import { secretFindings } from "../../../../infrastructure/commands/doctor/secret-findings.ts";
import { aSecretsServer } from "../../../support/servers/secrets-server.ts";

afterEach(() => vi.unstubAllEnvs());

const PARAMETER = "arn:aws:ssm:us-east-1:123456789012:parameter/call-archive/CallArchive/";

test("finds which secrets of a stack are set, not set, and not readable, and prints no value", async () => {
  const server = await aSecretsServer(new Map([["/call-archive/CallArchive/webhook", { value: "wsec_1" }]]));
  const environment = { AWS_REGION: "us-east-1", AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" };
  for (const [name, value] of Object.entries({ ...environment, AWS_ENDPOINT_URL: server.url })) vi.stubEnv(name, value);
  const outputs = {
    output: () => `${PARAMETER}webhook`,
    optional: (name: string) => (name === "Mem0SecretArn" ? `${PARAMETER}mem0` : undefined),
  };
  const findings = await secretFindings(outputs, "CallArchive");
  expect(findings).toEqual([
    { level: "ok", subject: "webhook secret", detail: "is set" },
    {
      level: "wrong",
      subject: "mem0 secret",
      detail: "The API key of Mem0: not set yet",
      todo: "npm run secret -- mem0 --stack CallArchive",
    },
  ]);
  server.fail({ does: "answer", status: 400, body: '{"__type":"AccessDeniedException"}' }, { times: 2 });
  expect((await secretFindings(outputs, "CallArchive")).map(({ level }) => level)).toEqual(["wrong", "wrong"]);
});
