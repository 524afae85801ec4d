import { INDEX, parsedKey } from "../../../../handlers/call/keys.ts";
import { elevenLabsConversations } from "../../../../handlers/clients/elevenlabs/elevenlabs-conversations.client.ts";
import { elevenLabsRecordings } from "../../../../handlers/clients/elevenlabs/elevenlabs-recordings.client.ts";
import { reasonOf } from "../../../../handlers/clients/observability/log.ts";
import { reconcileCall, recoverDamagedCall } from "../../../../handlers/reconcile/reconcile-call.ts";
import type { ReconcileDeps, Reconciled } from "../../../../handlers/reconcile/reconcile-deps.ts";
import type { VerifyDeps } from "../../../../handlers/verify/verify-deps.ts";
import { verifyObject } from "../../../../handlers/verify/verify-object.ts";
import type { OpenDeployment } from "../deployment/deployment.ts";

/**
 * Fetches lost and damaged calls from ElevenLabs, if there is a key for it, and processes them. `about` are the keys of
 * damaged JSON, or of the indexes of lost calls. Returns the keys of the stored objects; `onFailed` gets a line for
 * each other call. Each call is checked again first, and replaced only if it is still lost or damaged.
 */
export async function fetchAgain(
  about: readonly string[],
  openDeployment: Pick<OpenDeployment, "archive" | "elevenLabs" | "process">,
  verifyDeps: VerifyDeps,
  onFailed: (line: string) => void,
): Promise<string[]> {
  const options = await openDeployment.elevenLabs();
  if (!options) return [];
  const reconcileDeps: ReconcileDeps = {
    archive: openDeployment.archive,
    conversations: elevenLabsConversations(options),
    recordings: elevenLabsRecordings(options),
    defaultCountryCode: verifyDeps.defaultCountryCode,
    now: verifyDeps.now,
  };
  const put: string[] = [];
  for (const each of about) {
    const found = await fetchOne(each, reconcileDeps, verifyDeps);
    if (found.key === undefined) onFailed(`${each} could not be fetched again: ${reasonIn(found)}`);
    else {
      openDeployment.process(found.key);
      put.push(found.key);
    }
  }
  return put;
}

async function fetchOne(about: string, reconcileDeps: ReconcileDeps, verifyDeps: VerifyDeps): Promise<Fetched> {
  try {
    if (about.startsWith(INDEX)) return await recoverCall(about.slice(INDEX.length), reconcileDeps);
    return await recoverCallAt(about, reconcileDeps, verifyDeps);
  } catch (error) {
    return { call: "failed", reasons: [reasonOf(error)] };
  }
}

function recoverCall(conversationId: string, reconcileDeps: ReconcileDeps) {
  const listed = { conversationId, agentId: null, startedAt: null, durationSecs: null, isFinished: true };
  return reconcileCall(listed, { ...reconcileDeps, checkDepth: () => "head" });
}

async function recoverCallAt(key: string, reconcileDeps: ReconcileDeps, verifyDeps: VerifyDeps) {
  const [name, object] = [parsedKey(key), await reconcileDeps.archive.head(key)];
  const found = name && (await verifyObject(key, name, verifyDeps));
  const damage = found?.findings.find(({ isFetchable }) => isFetchable);
  if (!name || !object || !damage) return PRESENT;
  return recoverDamagedCall({ conversationId: name.conversation }, { object, what: damage.what }, reconcileDeps);
}

type Fetched = Pick<Reconciled, "call" | "key" | "reasons">;

const PRESENT: Fetched = { call: "present", reasons: [] };

function reasonIn({ call, reasons }: Fetched): string {
  return reasons[0] ?? (call === "unfinished" ? "ElevenLabs has not finished it yet" : "it was changed meanwhile");
}
