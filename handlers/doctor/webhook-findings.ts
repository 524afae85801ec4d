import type { PostCallSettings, RegisteredWebhook, WebhookState } from "../clients/webhook-source.ts";
import { type Finding, note, ok, wrong } from "./finding.ts";

/** Where the archive takes deliveries, and when it is. */
export interface Here {
  /** `undefined` where it is not known: on a laptop, behind a tunnel. */
  readonly url: string | undefined;
  readonly now: Date;
}

const HOUR_MS = 60 * 60 * 1000;

/** A failure that is older was seen to, or will not be. */
const RECENT_MS = 24 * HOUR_MS;
const REMEMBERED_MS = 7 * 24 * HOUR_MS;

/**
 * Says of the webhook that agents post to after a call what loses calls, or will.
 *
 * What each setting does: elevenlabs.io, Post-call webhooks and Webhooks, 2026-11.
 */
export function webhookFindings({ webhooks, settings, clockAheadSecs }: WebhookState, here: Here): Finding[] {
  const clock = clockFinding("clock of ElevenLabs", clockAheadSecs);
  const ours = webhooks.find(({ id }) => id === settings.webhookId);
  if (!ours) return [noWebhook(settings), clock];
  return [
    addressOf(ours, here),
    stateOf(ours),
    failuresOf(ours, here),
    retriesOf(ours),
    signingOf(ours),
    ...eventsOf(settings, ours),
    clock,
  ];
}

/** What a clock that is `aheadSecs` ahead of ours means for signatures, which are believed for half an hour. */
export function clockFinding(subject: string, aheadSecs: number | null): Finding {
  if (aheadSecs === null) return note(subject, "it does not tell the time");
  const off = Math.abs(Math.round(aheadSecs));
  const says = `${off} s ${aheadSecs > 0 ? "ahead of" : "behind"} this machine's`;
  if (off <= 60) return ok(subject, `${off} s apart from this machine's`);
  if (off <= 900) return note(subject, says, "set the clocks: a signature that is half an hour off is set apart");
  return wrong(subject, says, "set the clocks: genuine deliveries are set apart in _quarantine/");
}

/** Whether a function takes what is posted to `url`: then no delivery may be longer than 6 MB. */
export function isOfLambda(url: string | undefined): boolean {
  return url !== undefined && URL.canParse(url) && /\.(execute-api|lambda-url)\./.test(new URL(url).hostname);
}

function noWebhook({ webhookId }: PostCallSettings): Finding {
  const says = webhookId === null ? "agents post to none after a call" : "agents post to one that does not exist";
  return wrong("webhook", says, "Agents → Settings → Post-call webhook: choose the one of this archive");
}

function addressOf({ url, name }: RegisteredWebhook, here: Here): Finding {
  const called = name === null ? url : `${name}, ${url}`;
  if (here.url === url) return ok("address", called);
  if (here.url === undefined) return note("address", `${called}: is it this archive's?`);
  return wrong("address", `${called}, which is not this archive's`, `give the webhook the address ${here.url}`);
}

function stateOf({ isAutoDisabled, isDisabled }: RegisteredWebhook): Finding {
  const todo = "mend the cause, switch it on again under Settings → Webhooks, and run backfill for the days between";
  if (isAutoDisabled) return wrong("state", "switched off by ElevenLabs, since it kept failing", todo);
  return isDisabled ? wrong("state", "switched off by a person", todo) : ok("state", "switched on");
}

function failuresOf({ lastFailureAt, lastFailureCode }: RegisteredWebhook, { now }: Here): Finding {
  const age = lastFailureAt === null ? Number.POSITIVE_INFINITY : now.getTime() - lastFailureAt.getTime();
  if (lastFailureAt === null || age > REMEMBERED_MS) return ok("failures", "none in the last week");
  const code = lastFailureCode === null ? "without an answer" : `answered ${lastFailureCode}`;
  const says = `the last one at ${lastFailureAt.toISOString()}, ${code}`;
  const todo = "look at what the receiver logged then; run backfill for that day";
  return age > RECENT_MS ? note("failures", says, todo) : wrong("failures", says, todo);
}

function retriesOf({ isRetrying }: RegisteredWebhook): Finding {
  if (isRetrying === null) return note("retries", "ElevenLabs does not say whether they are on");
  if (isRetrying) return ok("retries", "on");
  const says = "off: a delivery that fails once does not come again";
  return wrong("retries", says, "switch them on in the webhook's settings; until then backfill fetches what was lost");
}

function signingOf({ authType }: RegisteredWebhook): Finding {
  if (authType === null || authType === "hmac") return ok("signing", authType ?? "not said");
  return wrong("signing", `${authType}: every delivery is refused`, "make a webhook with HMAC authentication");
}

function eventsOf(
  { events, isAudioSent, isTranscriptLeftOut }: PostCallSettings,
  { url }: RegisteredWebhook,
): Finding[] {
  const found: Finding[] = [];
  const choose = "choose it under Agents → Settings → Post-call webhook";
  for (const event of ["transcript", "call_initiation_failure"]) {
    if (events?.includes(event)) found.push(ok(event, "sent"));
    else if (events === null) found.push(note(event, "ElevenLabs does not say whether it is sent"));
    else
      found.push(
        wrong(
          event,
          "not sent",
          event === "transcript" ? choose : `${choose}: no other way leads to attempts that failed`,
        ),
      );
  }
  if (isTranscriptLeftOut)
    found.push(wrong("transcript", "sent without what was said", "switch off exclude transcript"));
  const isSent = isAudioSent || events?.includes("audio") === true;
  if (!isSent) found.push(ok("audio", "not sent: recordings are fetched"));
  else if (!isOfLambda(url)) found.push(ok("audio", "sent"));
  else {
    const says =
      "sent to a function, which takes 6 MB at once: recordings of more than about 4 min 54 s fail, and may disable the webhook";
    found.push(wrong("audio", says, "switch audio off: recordings are fetched over the API, whatever their length"));
  }
  return found;
}
