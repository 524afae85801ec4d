import { isUnseen, type RegisteredWebhook, type WebhookState } from "../clients/elevenlabs/webhook-source.ts";
import { clockFinding } from "./clock-finding.ts";
import { type DoctorFinding, note, ok, wrong } from "./doctor-finding.ts";
import type { ReceiverAddress } from "./receiver-address.ts";
import { sentFindings, WHERE } from "./sent-findings.ts";
import { named } from "./webhook-name.ts";

const HOUR_MS = 60 * 60 * 1000;

/** A failure is `wrong` up to this age. */
const RECENT_MS = 24 * HOUR_MS;

/** A failure is a note up to this age, and an older one is not reported. */
const REPORTED_MS = 7 * 24 * HOUR_MS;

const ROTATION = "docs/operating.md, Rotation";

/** How to let the key read more. ElevenLabs does not document the permission for listing webhooks (2026-11). */
const MAY_READ = {
  webhooks: "create a key as an admin of the workspace, or check Settings → Webhooks yourself",
  settings: "give the key the permission to read agents (convai_read)",
};

/**
 * Returns findings about the webhook that agents post to after a call.
 *
 * Of another address than ours they contain only the host: a path may contain a key, and findings are logged. What the
 * key may not read is a note, and the rest is checked.
 *
 * The effect of each setting: elevenlabs.io, Post-call webhooks and Webhooks, 2026-11.
 */
export function webhookFindings(
  { webhooks, settings, clockAheadSecs }: WebhookState,
  receiver: ReceiverAddress,
): DoctorFinding[] {
  const registered = isUnseen(webhooks) ? [] : webhooks;
  const webhookId = isUnseen(settings) ? undefined : settings.webhookId;
  const chosen = registered.find(({ id }) => id === webhookId);
  const ours = registered.find(({ url }) => url === receiver.url);
  // Single agents may use a webhook of their choice, so ours is checked if none is chosen for the workspace.
  const used = chosen ?? ours;
  const isSent = chosen !== undefined || (isUnseen(webhooks) && webhookId !== null);
  return [
    ...(isUnseen(webhooks) ? [note("webhooks", `not looked at: ${webhooks.unseen}`, MAY_READ.webhooks)] : []),
    ...(isUnseen(settings) ? [note("settings", `not looked at: ${settings.unseen}`, MAY_READ.settings)] : []),
    ...(chosen ? [addressOf(chosen, ours, receiver)] : withoutChosen(webhookId, webhooks, ours, receiver)),
    ...(used ? [stateOf(used), failuresOf(used, receiver), retriesOf(used), signingOf(used)] : []),
    ...(isSent && !isUnseen(settings) ? sentFindings(settings, [chosen?.url, receiver.url]) : []),
    clockFinding("clock of ElevenLabs", clockAheadSecs),
  ];
}

/** The findings if the chosen webhook is not known. `webhookId` is `undefined` if the key may not read it. */
function withoutChosen(
  webhookId: string | null | undefined,
  webhooks: WebhookState["webhooks"],
  ours: RegisteredWebhook | undefined,
  receiver: ReceiverAddress,
): DoctorFinding[] {
  if (webhookId === null)
    return [wrong("webhook", "none is chosen: agents post nothing after a call", remedy(ours, receiver))];
  if (isUnseen(webhooks)) return [];
  if (webhookId !== undefined) return [wrong("webhook", "the chosen one does not exist", remedy(ours, receiver))];
  if (ours || receiver.url === undefined) return [];
  return [wrong("webhook", "none in the workspace has the address of this archive", remedy(ours, receiver))];
}

function addressOf(
  chosen: RegisteredWebhook,
  ours: RegisteredWebhook | undefined,
  receiver: ReceiverAddress,
): DoctorFinding {
  const detail = named(chosen);
  if (chosen.url === receiver.url) return ok("address", detail);
  if (receiver.url === undefined) return note("address", `${detail}: is it this archive's?`);
  return wrong("address", `${detail}, which is not this archive's`, remedy(ours, receiver));
}

/** How to make agents post here. The address of a webhook cannot be changed, and a new webhook has a new secret. */
function remedy(ours: RegisteredWebhook | undefined, { url }: ReceiverAddress): string {
  if (ours) return `choose ${named(ours)}, ${WHERE}`;
  const address = url === undefined ? "the address of this archive" : `the address ${url}`;
  return `make a webhook with ${address}, add its secret to the archive (${ROTATION}), and choose it ${WHERE}`;
}

function stateOf({ isAutoDisabled, isDisabled }: RegisteredWebhook): DoctorFinding {
  const todo = "switch it on again under Settings → Webhooks, and run backfill for the days between";
  if (isAutoDisabled)
    return wrong("state", "switched off by ElevenLabs after repeated failures", `repair the cause, ${todo}`);
  return isDisabled ? wrong("state", "switched off by a person", todo) : ok("state", "switched on");
}

function failuresOf({ lastFailureAt, lastFailureCode }: RegisteredWebhook, { now }: ReceiverAddress): DoctorFinding {
  const age = lastFailureAt === null ? Number.POSITIVE_INFINITY : now.getTime() - lastFailureAt.getTime();
  if (lastFailureAt === null || age > REPORTED_MS) return ok("failures", "none in the last week");
  const code = lastFailureCode === null ? "without a response" : `answered ${lastFailureCode}`;
  const detail = `the last one at ${lastFailureAt.toISOString()}, ${code}`;
  const cause =
    lastFailureCode === 401
      ? `the archive lacks the webhook's secret: add it (${ROTATION})`
      : "read the receiver's log of that time";
  const todo = `${cause}; run backfill for that day`;
  return age > RECENT_MS ? note("failures", detail, todo) : wrong("failures", detail, todo);
}

function retriesOf({ isRetrying }: RegisteredWebhook): DoctorFinding {
  if (isRetrying === null) return note("retries", "ElevenLabs does not report whether they are on");
  if (isRetrying) return ok("retries", "on");
  const detail = "off: a failed delivery is not sent again";
  return wrong("retries", detail, "switch them on in the webhook's settings; until then, backfill fetches lost calls");
}

function signingOf({ authType }: RegisteredWebhook): DoctorFinding {
  if (authType === null) return note("signing", "ElevenLabs does not report how deliveries are signed");
  if (authType === "hmac") return ok("signing", authType);
  return wrong("signing", `${authType}: every delivery is refused`, "make a webhook with HMAC authentication");
}
