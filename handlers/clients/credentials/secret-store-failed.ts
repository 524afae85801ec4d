import { messageOf } from "../observability/log.ts";

/** A secret cannot be read or stored. The message names it and the reason, and never its value. */
export class SecretStoreFailed extends Error {
  override readonly name = "SecretStoreFailed";

  constructor(what: "read" | "stored", secret: string, cause: unknown) {
    super(`the secret ${secret} cannot be ${what}: ${messageOf(cause)}`, { cause });
  }
}
