import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { afterEach, expect, onTestFinished, test, vi } from "vitest";
import { cachedSecret } from "../../../../handlers/clients/credentials/secrets.client.ts";
import { awsAt } from "../../../support/fixtures/aws-client.ts";
import { faultyServer } from "../../../support/servers/faulty-server.ts";

afterEach(() => void vi.useRealTimers());

async function aSecret() {
  let value = "wsec_1";
  const server = await faultyServer(() => ({ status: 200, body: JSON.stringify({ SecretString: value }) }));
  onTestFinished(() => server.close());
  const client = new SecretsManagerClient({ ...awsAt(server.url), maxAttempts: 1 });
  vi.useFakeTimers({ toFake: ["Date"] });
  const rotate = (next: string) => {
    value = next;
  };
  return { server, rotate, secret: cachedSecret("arn:secret", client) };
}

const laterBy = (seconds: number) => vi.setSystemTime(Date.now() + 1000 * seconds);

test("reads a secret once for many calls", async () => {
  const { server, secret } = await aSecret();
  expect([await secret(), await secret(), await secret()]).toEqual(["wsec_1", "wsec_1", "wsec_1"]);
  expect(server.requests).toHaveLength(1);
});

test("returns a rotated secret within five minutes", async () => {
  const { rotate, secret } = await aSecret();
  await secret();
  rotate("wsec_2");
  laterBy(300);
  expect(await secret()).toBe("wsec_2");
});

test("returns the last known value while the secret cannot be read", async () => {
  const { server, secret } = await aSecret();
  await secret();
  laterBy(300);
  server.fail({ does: "answer", status: 500, body: "{}" });
  expect(await secret()).toBe("wsec_1");
});

test("the error names a secret that could never be read", async () => {
  const { server, secret } = await aSecret();
  server.fail({ does: "answer", status: 400, body: JSON.stringify({ __type: "AccessDeniedException" }) });
  await expect(secret()).rejects.toThrow("arn:secret cannot be read");
});
