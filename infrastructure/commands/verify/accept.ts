import { sha256 } from "../../../handlers/call/digest.ts";
import { parsedKey } from "../../../handlers/call/keys.ts";
import { type Archive, PreconditionFailed } from "../../../handlers/clients/archive/archive.ts";
import { readIndex, writeIndex } from "../../../handlers/process/conversation-index.ts";
import type { VerifyDeps } from "../../../handlers/verify/verify-deps.ts";
import { verifyObject } from "../../../handlers/verify/verify-object.ts";
import { WrongUsage } from "../toolkit/wrong-usage.ts";

/** What `accept` needs from outside. */
export interface AcceptDeps extends VerifyDeps {
  readonly archive: VerifyDeps["archive"] & Pick<Archive, "put">;
}

/**
 * Records in the index that a person accepts the bytes at `key` in place of the signed ones, with the reason. Returns
 * their SHA-256.
 *
 * The write is conditional. In a folder that works within one process only, so the index is read again afterwards. If a
 * processor wrote at the same moment, it loses its lease and repeats its work, and this command must run again.
 *
 * @throws WrongUsage if the object is not a replaced one.
 */
export async function accept(key: string, reason: string, deps: AcceptDeps): Promise<string> {
  const name = parsedKey(key);
  const object = name && (await deps.archive.get(key));
  if (!object) throw new WrongUsage(`${key} is not an object that is processed: copy its key from npm run verify`);
  const found = await verifyObject(key, name, deps);
  if (found?.state === "in work")
    throw new WrongUsage(`${key} is being processed: run the command again when that is done`);
  if (!found?.findings.some(({ kind }) => kind === "replaced")) {
    throw new WrongUsage(`${key} was not replaced by an upload without a signature: there is nothing to accept`);
  }
  const accepted = { sha256: sha256(object.body), at: deps.now().toISOString(), reason };
  const { index, etag } = await readIndex(deps.archive, name.conversation);
  const record = index.objects[key];
  if (!record) throw changedMeanwhile(key);
  const objects = { ...index.objects, [key]: { ...record, accepted } };
  try {
    await writeIndex(deps.archive, { ...index, objects }, etag);
  } catch (error) {
    throw error instanceof PreconditionFailed ? changedMeanwhile(key, error) : error;
  }
  const stored = (await readIndex(deps.archive, name.conversation)).index.objects[key]?.accepted;
  if (stored?.at !== accepted.at || stored.sha256 !== accepted.sha256) throw changedMeanwhile(key);
  return accepted.sha256;
}

function changedMeanwhile(key: string, cause?: Error): WrongUsage {
  return new WrongUsage(`${key} was processed meanwhile, and nothing was accepted: run the command again`, { cause });
}
