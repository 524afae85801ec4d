import { afterEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { KeyNotSet } from "../../../../handlers/clients/credentials/api-key.ts";
import { secretReader } from "../../../../handlers/clients/credentials/secret-reader.client.ts";
import { SecretStoreFailed } from "../../../../handlers/clients/credentials/secret-store-failed.ts";
import { cachedSecret } from "../../../../handlers/clients/credentials/secrets.client.ts";
import { inRoleEnvironment, ROLE } from "../../../support/fixtures/role-environment.ts";
import { expectedSignature } from "../../../support/fixtures/sigv4.ts";
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
    inRoleEnvironment(server.url);
    vi.useFakeTimers({ toFake: ["Date"] });
    const rotate = (next: string) => {
      value = next;
    };
    return { server, rotate, secret: cachedSecret(arn, secretReader(arn, { maxAttempts: 1 })) };
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
  inRoleEnvironment(server.url);
  await cachedSecret(arn)();
  expect(server.requests.map(({ body }) => JSON.parse(body))).toEqual([
    { Name: "/call-archive/CallArchive/webhook", WithDecryption: true },
  ]);
});

describe.each(STORES)("a request to $store", ({ arn, answer }) => {
  async function aStore(body: string) {
    const server = await faultyServer(() => ({ status: 200, body }));
    onTestFinished(() => server.close());
    inRoleEnvironment(server.url);
    return { server, secret: cachedSecret(arn) };
  }

  test("is signed as AWS expects, and repeated after an error of the server", async () => {
    const { server, secret } = await aStore(JSON.stringify(answer("wsec_1")));
    server.fail({ does: "answer", status: 500, body: "{}" });
    server.fail({ does: "cut" });
    expect(await secret()).toBe("wsec_1");
    expect(server.requests).toHaveLength(3);
    for (const request of server.requests) {
      const signature = expectedSignature(request, ROLE.secretAccessKey);
      expect(request.headers["authorization"]).toContain(`Signature=${signature}`);
    }
  });

  test("whose answer is damaged fails without a part of the secret in the error", async () => {
    const { secret } = await aStore(JSON.stringify(answer("wsec_1")).slice(0, -3));
    const error = await secret().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(SecretStoreFailed);
    expect(String(error)).not.toContain("wsec");
  });

  test("whose answer has no value finds a secret that is not set", async () => {
    const { secret } = await aStore("{}");
    await expect(secret()).rejects.toThrow(KeyNotSet);
  });
});

test("a secret of Secrets Manager may be binary", async () => {
  const [, { arn }] = STORES;
  const SecretBinary = Buffer.from("wsec_1").toString("base64");
  const server = await faultyServer(() => ({ status: 200, body: JSON.stringify({ SecretBinary }) }));
  onTestFinished(() => server.close());
  inRoleEnvironment(server.url);
  expect(await cachedSecret(arn)()).toBe("wsec_1");
});
