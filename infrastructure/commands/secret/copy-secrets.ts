import { storedSecret, storeSecret } from "../../../handlers/clients/credentials/stored-secret.client.ts";
import type { DeployedSecret } from "../toolkit/deployment/deployed-secrets.ts";
import type { Terminal } from "../toolkit/terminal.ts";
import type { SecretRequest } from "./secret.command.ts";

/**
 * Stores the value of each secret as its parameter, and reads it back. Functions use the parameters at once if they
 * read parameters already, else after the deployment that changes that.
 */
export async function copySecrets(
  secrets: readonly DeployedSecret[],
  { key }: Pick<SecretRequest, "key">,
  terminal: Terminal,
): Promise<void> {
  for (const secret of secrets) await copyOne(secret, key, terminal);
  if (terminal.status !== 0) return;
  terminal.printLine("The stored values are the same in Parameter Store now. After a change of a secret, copy again.");
}

async function copyOne(
  { name, arn, parameterArn }: DeployedSecret,
  key: string | undefined,
  terminal: Terminal,
): Promise<void> {
  const value = await storedSecret(arn);
  if (value === undefined) return terminal.printNote(`${name} is not set: there is nothing to copy`);
  await storeSecret(parameterArn, value, key);
  if ((await storedSecret(parameterArn)) === value) return terminal.printLine(`${name}: copied to ${parameterArn}`);
  terminal.fail(`${name} was changed at the same time: copy again`);
}
