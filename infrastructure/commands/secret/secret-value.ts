import { secretsIn } from "../../../handlers/receive/secrets-in.ts";
import type { SecretName } from "../../aws/secret-names.ts";
import { WrongUsage } from "../toolkit/wrong-usage.ts";

/** The longest value of a standard parameter (docs.aws.amazon.com, Parameter tiers, 2026-11). */
const MAX_CHARACTERS = 4_096;

/**
 * Returns the value to store: `text` without the white space around it. For the webhook, all secrets in `text` and in
 * `kept`, each once, the new ones first.
 *
 * @throws WrongUsage if it is empty, too long, or has a character that no secret has. The message never contains it.
 */
export function secretValue(name: SecretName, text: string, kept = ""): string {
  const entered = name === "webhook" ? secretsIn(text) : [text.trim()].filter((word) => word !== "");
  if (entered.length === 0) throw new WrongUsage(`No value was given for ${name}: nothing was stored`);
  if (!entered.every((secret) => /^[\x21-\x7e]+$/.test(secret)))
    throw new WrongUsage(`The value for ${name} has a character that no secret has: copy it again. Nothing was stored`);
  const value = [...new Set([...entered, ...secretsIn(kept)])].join(",");
  if (value.length > MAX_CHARACTERS)
    throw new WrongUsage(`The value for ${name} has ${value.length} characters, more than ${MAX_CHARACTERS}`);
  return value;
}
