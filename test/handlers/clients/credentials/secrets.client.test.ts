import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SSMClient } from "@aws-sdk/client-ssm";
import { afterEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { KeyNotSet } from "../../../../handlers/clients/credentials/api-key.ts";
import { SecretStoreFailed } from "../../../../handlers/clients/credentials/secret-store-failed.ts";
import { cachedSecret } from "../../../../handlers/clients/credentials/secrets.client.ts";
import { awsAt } from "../../../support/fixtures/aws-client.ts";
import { faultyServer } from "../../../support/servers/faulty-server.ts";

afterEach(() => void vi.useRealTimers());

/** The two stores: an ARN of each, its answer with a value, and its error for a missing one. */
const STORES = [
  {
    store: "Parameter Store",
    arn: "arn:aws:ssm:us-east-1:123456789012:parameter/call-archive/CallArchive/webhook",
    answer: (Value: string) => ({ Parameter: { Value } }),
    missing: "ParameterNotFound",
  },
  {
    store: "Secrets Manager",
    arn: "arn:aws:secretsmanager:us-east-1:123456789012:secret:webhook-a1B2c3",
    answer: (SecretString: string) => ({ SecretString }),
    missing: "ResourceNotFoundException",
  },
] as const;

const laterBy = (seconds: number) => vi.setSystemTime(Date.now() + 1000 * seconds);

/** An error of AWS, as the JSON protocols send it. */
const refusal = (__type: string) => ({ does: "answer", status: 400, body: JSON.stringify({ __type }) }) as const;

describe.each(STORES)("a secret of $store", ({ arn, answer, missing }) => {
  async function aSecret() {
    let value = "wsec_1";
    const server = await faultyServer(() => ({ status: 200, body: JSON.stringify(answer(value)) }));
    onTestFinished(() => server.close());
    const options = { ...awsAt(server.url), maxAttempts: 1 };
    vi.useFakeTimers({ toFake: ["Date"] });
    const rotate = (next: string) => {
      value = next;
    };
    const clients = { ssm: new SSMClient(options), secretsManager: new SecretsManagerClient(options) };
    return { server, rotate, secret: cachedSecret(arn, clients) };
  }

  test("is read once for many calls", async () => {
    const { server, secret } = await aSecret();
    expect([await secret(), await secret(), await secret()]).toEqual(["wsec_1", "wsec_1", "wsec_1"]);
    expect(server.requests).toHaveLength(1);
  });

  test("is used within five minutes after a rotation", async () => {
    const { rotate, secret } = await aSecret();
    await secret();
    rotate("wsec_2");
    laterBy(300);
    expect(await secret()).toBe("wsec_2");
  });

  test.each(["InternalServerError", "ThrottlingException", "AccessDeniedException", missing])(
    "has the last known value after %s",
    async (error) => {
      const { server, secret } = await aSecret();
      await secret();
      laterBy(300);
      server.fail(refusal(error));
      expect(await secret()).toBe("wsec_1");
    },
  );

  test.each(["ThrottlingException", "AccessDeniedException"])("that was never read is an error: %s", async (error) => {
    const { server, secret } = await aSecret();
    server.fail(refusal(error));
    const failed = await secret().catch((thrown: unknown) => thrown);
    expect(failed).toBeInstanceOf(SecretStoreFailed);
    expect(String(failed)).toContain("webhook");
    expect(await secret()).toBe("wsec_1");
  });

  test("that does not exist is not set yet, and is used as soon as it exists", async () => {
    const { server, secret } = await aSecret();
    server.fail(refusal(missing));
    await expect(secret()).rejects.toThrow(KeyNotSet);
    expect(await secret()).toBe("wsec_1");
  });
});

test("a parameter is requested by its name, decrypted", async () => {
  const [{ arn }] = STORES;
  const server = await faultyServer(() => ({ status: 200, body: '{"Parameter":{"Value":"x"}}' }));
  onTestFinished(() => server.close());
  await cachedSecret(arn, { ssm: new SSMClient(awsAt(server.url)) })();
  expect(server.requests.map(({ body }) => JSON.parse(body))).toEqual([
    { Name: "/call-archive/CallArchive/webhook", WithDecryption: true },
  ]);
});
