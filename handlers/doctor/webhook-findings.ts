import { isUnseen, type RegisteredWebhook, type WebhookState } from "../clients/elevenlabs/webhook-source.ts";
import { clockFinding } from "./clock-finding.ts";
import { type DoctorFinding, note, ok, wrong } from "./doctor-finding.ts";
import type { ReceiverAddress } from "./receiver-address.ts";
import { sentFindings, WHERE } from "./sent-findings.ts";
import { named } from "./webhook-name.ts";

const HOUR_MS = 60 * 60 * 1000;

/** A failure that is older was seen to, or will not be. */
const RECENT_MS = 24 * HOUR_MS;
const REMEMBERED_MS = 7 * 24 * HOUR_MS;

const ROTATION = "docs/operating.md, Rotation";

/** What a person may do so that more is seen. ElevenLabs does not document which permission lists webhooks (2026-11). */
const MAY_READ = {
  webhooks: "make a key of an admin of the workspace, or look at Settings → Webhooks yourself",
  settings: "give the key the permission to read agents (convai_read)",
};

/**
 * Says of the webhook that agents post to after a call what loses calls, or will.
 *
 * Of an address it says the host and no more, except of ours: a path may hold somebody's key, and findings are logged.
 * What the key may not see is a note, and the rest is looked at all the same.
 *
 * What each setting does: elevenlabs.io, Post-call webhooks and Webhooks, 2026-11.
 */
export function webhookFindings(
  { webhooks, settings, clockAheadSecs }: WebhookState,
  receiver: ReceiverAddress,
): DoctorFinding[] {
  const registered = isUnseen(webhooks) ? [] : webhooks;
  const webhookId = isUnseen(settings) ? undefined : settings.webhookId;
  const chosen = registered.find(({ id }) => id === webhookId);
  const ours = registered.find(({ url }) => url === receiver.url);
  // Agents may be set to a webhook one by one: ours is looked at, too, where no other is chosen for all.
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

/** What is wrong where the webhook that agents post to is not known; `webhookId` is `undefined` if the key may not see it. */
function withoutChosen(
  webhookId: string | null | undefined,
  webhooks: WebhookState["webhooks"],
  ours: RegisteredWebhook | undefined,
  receiver: ReceiverAddress,
): DoctorFinding[] {
  if (webhookId === null) return [wrong("webhook", "agents post to none after a call", wayTo(ours, receiver))];
  if (isUnseen(webhooks)) return [];
  if (webhookId !== undefined)
    return [wrong("webhook", "agents post to one that does not exist", wayTo(ours, receiver))];
  if (ours || receiver.url === undefined) return [];
  return [wrong("webhook", "none of the workspace's has the address of this archive", wayTo(ours, receiver))];
}

function addressOf(
  chosen: RegisteredWebhook,
  ours: RegisteredWebhook | undefined,
  receiver: ReceiverAddress,
): DoctorFinding {
  const detail = named(chosen);
  if (chosen.url === receiver.url) return ok("address", detail);
  if (receiver.url === undefined) return note("address", `${detail}: is it this archive's?`);
  return wrong("address", `${detail}, which is not this archive's`, wayTo(ours, receiver));
}

/** How to have agents post here. The address of a webhook cannot be changed, and a new one has a new secret. */
function wayTo(ours: RegisteredWebhook | undefined, { url }: ReceiverAddress): string {
  if (ours) return `choose ${named(ours)}, ${WHERE}`;
  const address = url === undefined ? "the address of this archive" : `the address ${url}`;
  return `make a webhook with ${address}, give its secret to the archive (${ROTATION}), and choose it ${WHERE}`;
}

function stateOf({ isAutoDisabled, isDisabled }: RegisteredWebhook): DoctorFinding {
  const todo = "switch it on again under Settings → Webhooks, and run backfill for the days between";
  if (isAutoDisabled) return wrong("state", "switched off by ElevenLabs, since it kept failing", `mend that, ${todo}`);
  return isDisabled ? wrong("state", "switched off by a person", todo) : ok("state", "switched on");
}

function failuresOf({ lastFailureAt, lastFailureCode }: RegisteredWebhook, { now }: ReceiverAddress): DoctorFinding {
  const age = lastFailureAt === null ? Number.POSITIVE_INFINITY : now.getTime() - lastFailureAt.getTime();
  if (lastFailureAt === null || age > REMEMBERED_MS) return ok("failures", "none in the last week");
  const code = lastFailureCode === null ? "without an answer" : `answered ${lastFailureCode}`;
  const detail = `the last one at ${lastFailureAt.toISOString()}, ${code}`;
  const cause =
    lastFailureCode === 401
      ? `the archive lacks the webhook's secret: put it there (${ROTATION})`
      : "look at what the receiver logged then";
  const todo = `${cause}; run backfill for that day`;
  return age > RECENT_MS ? note("failures", detail, todo) : wrong("failures", detail, todo);
}

function retriesOf({ isRetrying }: RegisteredWebhook): DoctorFinding {
  if (isRetrying === null) return note("retries", "ElevenLabs does not say whether they are on");
  if (isRetrying) return ok("retries", "on");
  const detail = "off: a delivery that fails once does not come again";
  return wrong(
    "retries",
    detail,
    "switch them on in the webhook's settings; until then backfill fetches what was lost",
  );
}

function signingOf({ authType }: RegisteredWebhook): DoctorFinding {
  if (authType === null) return note("signing", "ElevenLabs does not say how deliveries are signed");
  if (authType === "hmac") return ok("signing", authType);
  return wrong("signing", `${authType}: every delivery is refused`, "make a webhook with HMAC authentication");
}
