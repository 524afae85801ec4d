import { text } from "node:stream/consumers";
import { storedSecret, storeSecret } from "../../../handlers/clients/credentials/stored-secret.client.ts";
import type { DeployedSecret } from "../toolkit/deployment/deployed-secrets.ts";
import type { Terminal } from "../toolkit/terminal.ts";
import { WrongUsage } from "../toolkit/wrong-usage.ts";
import type { SecretRequest } from "./secret.command.ts";
import { secretValue } from "./secret-value.ts";

/** Asks for the value of a secret, or reads it from standard input, and stores it. */
export async function enterSecret(
  { name, description, arn }: DeployedSecret,
  { add, key, stack, yes }: Pick<SecretRequest, "add" | "key" | "stack" | "yes">,
  terminal: Terminal,
): Promise<void> {
  const stored = name === "webhook" ? await storedSecret(arn) : undefined;
  if (stored !== undefined && !add && !yes && !(await mayReplace(terminal))) return;
  const entered = terminal.stdin.isTTY ? await terminal.askHidden(description) : await text(terminal.stdin);
  await storeSecret(arn, secretValue(name, entered, add ? stored : undefined), key);
  terminal.printLine(`${description}: stored in ${arn}`);
  terminal.printLine("A function that cached an earlier value uses the new one within five minutes.");
  terminal.printLine(`Next: npm run doctor -- --stack ${stack}`);
  if (name !== "webhook")
    terminal.printLine(`Objects that were dead-lettered without the key: npm run redrive -- --stack ${stack}`);
}

/** Asks whether the stored webhook secrets may be replaced. */
async function mayReplace(terminal: Terminal): Promise<boolean> {
  if (!terminal.canConfirm)
    throw new WrongUsage("A webhook secret is stored already: --add keeps it valid, --yes replaces it");
  const question =
    "Replace the stored webhook secret? Deliveries signed with it are then refused (--add keeps it valid)";
  if (await terminal.confirm(question)) return true;
  terminal.fail("Nothing was stored.");
  return false;
}
