import { SecretStoreFailed } from "../../../handlers/clients/credentials/secret-store-failed.ts";
import { storedSecret } from "../../../handlers/clients/credentials/stored-secret.client.ts";
import { type DeployedSecret, deployedSecrets } from "../toolkit/deployment/deployed-secrets.ts";
import { stackOutputs } from "../toolkit/deployment/stack-outputs.client.ts";
import { presentRows } from "../toolkit/present.ts";
import type { Terminal } from "../toolkit/terminal.ts";
import { WrongUsage } from "../toolkit/wrong-usage.ts";
import { copySecrets } from "./copy-secrets.ts";
import { enterSecret } from "./enter-secret.ts";
import type { SecretRequest } from "./secret.command.ts";

/** Lists, stores or copies the secrets of a stack. */
export async function runSecret(request: SecretRequest, terminal: Terminal): Promise<void> {
  const outputs = await stackOutputs(request.stack);
  const secrets = chosen(deployedSecrets(outputs, request.stack), request);
  const encrypted = { ...request, key: request.key ?? outputs.optional("KeyArn") };
  try {
    if (request.action === "list") await listSecrets(secrets, request, terminal);
    if (request.action === "copy") await copySecrets(secrets, encrypted, terminal);
    if (request.action === "store") for (const secret of secrets) await enterSecret(secret, encrypted, terminal);
  } catch (error) {
    if (!(error instanceof SecretStoreFailed)) throw error;
    terminal.fail(error.message);
  }
}

function chosen(secrets: readonly DeployedSecret[], { name, stack }: SecretRequest): readonly DeployedSecret[] {
  if (name === undefined) return secrets;
  const named = secrets.filter((secret) => secret.name === name);
  if (named.length === 0) throw new WrongUsage(`The stack ${stack} does not use the secret ${name}`);
  return named;
}

async function listSecrets(
  secrets: readonly DeployedSecret[],
  { format }: SecretRequest,
  terminal: Terminal,
): Promise<void> {
  const values = await Promise.all(secrets.map(({ arn }) => storedSecret(arn)));
  const rows = secrets.map(({ name, arn, description }, n) => [name, values[n] !== undefined, description, arn]);
  terminal.print(presentRows(["secret", "is_set", "description", "arn"], rows, format, terminal.columns));
  if (values.includes(undefined)) terminal.exitWith(1);
}
