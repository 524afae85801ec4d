import { onTestFinished } from "vitest";
import { at, text } from "../../../handlers/call/json.ts";
import { type FaultyServer, faultyServer, type Reply } from "./faulty-server.ts";

/** The stored values, by the name of a parameter or the ARN of a secret, with the key of a parameter. */
export type StoredSecrets = Map<string, { readonly value: string; readonly key?: string }>;

/** Starts Parameter Store and Secrets Manager, which contain `stored`. They are closed after the test. */
export async function aSecretsServer(stored: StoredSecrets): Promise<FaultyServer> {
  const server = await faultyServer(({ headers, body }) => {
    const input: unknown = JSON.parse(body);
    const field = (name: string) => text(at(input, name)) ?? "";
    switch (headers["x-amz-target"]) {
      case "AmazonSSM.GetParameter": {
        const found = at(input, "WithDecryption") === true ? stored.get(field("Name")) : undefined;
        return found ? json({ Parameter: { Value: found.value } }) : refusal("ParameterNotFound");
      }
      case "AmazonSSM.PutParameter":
        if (stored.has(field("Name")) && at(input, "Overwrite") !== true) return refusal("ParameterAlreadyExists");
        if (field("Type") !== "SecureString") return refusal("UnsupportedParameterType");
        stored.set(field("Name"), { value: field("Value"), key: field("KeyId") });
        return json({ Version: 1 });
      case "secretsmanager.GetSecretValue": {
        const found = stored.get(field("SecretId"));
        return found ? json({ SecretString: found.value }) : refusal("ResourceNotFoundException");
      }
      case "secretsmanager.PutSecretValue":
        if (!stored.has(field("SecretId"))) return refusal("ResourceNotFoundException");
        stored.set(field("SecretId"), { value: field("SecretString") });
        return json({});
      default:
        return refusal("UnknownOperationException");
    }
  });
  onTestFinished(() => server.close());
  return server;
}

function json(body: unknown): Reply {
  return { status: 200, body: JSON.stringify(body) };
}

function refusal(__type: string): Reply {
  return { status: 400, body: JSON.stringify({ __type, message: __type }) };
}
