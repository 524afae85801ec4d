import { Option } from "@commander-js/extra-typings";
import { SECRET_NAMES, type SecretName } from "../../aws/secret-names.ts";
import { defineCommand } from "../toolkit/command.ts";
import { notFoundMessage } from "../toolkit/nearest.ts";
import { format, YES } from "../toolkit/options.ts";
import { WrongUsage } from "../toolkit/wrong-usage.ts";

/** What to do with which secret of a stack. */
export interface SecretRequest {
  readonly action: "list" | "store" | "copy";
  /** The secret to store; `undefined` for all secrets in the other actions. */
  readonly name: SecretName | undefined;
  readonly stack: string;
  /** Whether the stored webhook secrets stay valid. */
  readonly add: boolean;
  /** The KMS key that encrypts the parameter. Default: the key of the stack, else that of AWS. */
  readonly key: string | undefined;
  readonly yes: boolean;
  readonly format: "table" | "json";
}

/** A folder has no stored secrets, so the stack has no default. */
const STACK = new Option("--stack <name>", "the archive that is deployed as this stack; required");

/** `npm run secret`. */
export const secret = defineCommand({
  name: "secret",
  summary: "Stores the webhook's secret and the API keys of an archive on AWS. Without a name, lists which are set.",
  addOptions: (command) =>
    command
      .argument("[name]", SECRET_NAMES.join(", "))
      .addOption(STACK)
      .addOption(new Option("--add", "with webhook: the stored secrets stay valid, too").default(false))
      .addOption(
        new Option("--copy", "stores the present values as parameters, before a move from Secrets Manager").default(
          false,
        ),
      )
      .addOption(new Option("--key <arn>", "encrypts the parameter with this KMS key (default: the key of the stack)"))
      .addOption(YES)
      .addOption(format(["table", "json"])),
  details: `Asks for the value without showing it, or reads it from standard input. It is not an argument, because the
shell would keep it in its history. No command prints a value.

A parameter is a SecureString of Systems Manager. Its name is /call-archive/STACK/NAME. If the stack has its
secrets in Secrets Manager, the value is stored there.

  webhook --add  for a rotation: a new secret beside the stored ones. Without --add the new value replaces
                 them, and deliveries that are signed with another secret are refused
  --copy         changes nothing that functions read now, unless they read parameters already. For a move to
                 Parameter Store, use it before the deployment: that deletes the secrets of Secrets Manager

Needs the rights ssm:GetParameter and ssm:PutParameter, and with a customer managed key kms:Encrypt and
kms:Decrypt.`,
  examples: ["--stack CallArchive", "webhook --stack CallArchive", "--copy --stack CallArchive"],
  exit: { 0: "done", 1: "a secret is not set, or was not stored" },
  read({ stack, copy, ...options }, [word]): SecretRequest {
    const name = word === undefined ? undefined : nameIn(word);
    if (stack === undefined) throw new WrongUsage("Add the stack: --stack CallArchive. On one machine, set variables");
    if (copy && name !== undefined) throw new WrongUsage("--copy copies all secrets: leave the name out");
    if (options.add && name !== "webhook") throw new WrongUsage("--add is for the secret webhook");
    const action = copy ? "copy" : name === undefined ? "list" : "store";
    if (action === "list" && options.key !== undefined)
      throw new WrongUsage("--key needs the name of a secret, or --copy");
    if (action !== "list" && options.format === "json")
      throw new WrongUsage("--format json is for the list only: leave it out");
    return { action, name, stack, ...options, key: options.key };
  },
  load: async () => (await import("./run-secret.ts")).runSecret,
});

function nameIn(word: string): SecretName {
  const name = SECRET_NAMES.find((each) => each === word);
  if (name === undefined) throw new WrongUsage(notFoundMessage("secret", word, SECRET_NAMES));
  return name;
}
