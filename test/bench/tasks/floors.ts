import { createHmac } from "node:crypto";
import { open } from "node:fs/promises";

/** The least check of a signature: one HMAC over the body. */
export function hmacOf(body: Uint8Array, secret: string): string {
  return createHmac("sha256", secret).update("1796000000.").update(body).digest("hex");
}

/** The least that stores bytes durably: one file that is forced to the disk. */
export async function writeDurably(path: string, body: Uint8Array): Promise<void> {
  const file = await open(path, "w");
  try {
    await file.writeFile(body);
    await file.sync();
  } finally {
    await file.close();
  }
}
