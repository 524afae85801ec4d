import { randomUUID } from "node:crypto";
import { readEvent } from "../../../handlers/call/event.ts";
import { at, text } from "../../../handlers/call/json.ts";
import { indexKey, rawKey } from "../../../handlers/call/keys.ts";
import { quarantineKey } from "../../../handlers/call/kinds/unrouted.ts";
import { slugged } from "../../../handlers/call/slug.ts";
import { type Clock, secondsAhead } from "../../../handlers/clients/clock.ts";
import { clockFinding } from "../../../handlers/doctor/clock-finding.ts";
import { type DoctorFinding, note, ok, wrong } from "../../../handlers/doctor/doctor-finding.ts";
import { readIndex } from "../../../handlers/process/conversation-index.ts";
import { parsedJson } from "../../../queries/tables/parsed-json.ts";
import { liveKey } from "../../../queries/tables/table.ts";
import { unroutedDeliveries } from "../../../queries/tables/unrouted.ts";
import { removeTraces, type Target } from "../toolkit/deployment/target.ts";
import { type PostResult, post } from "../toolkit/post.client.ts";

/** How long an object of some bytes may take until it is processed. */
const PROCESSING_TIMEOUT_MS = 60_000;
const POLL_MS = 250;

/**
 * Posts two deliveries of a type that the archive does not know: one with a wrong signature, which must be refused, and
 * a genuine one, which must be stored as unrouted and processed. Removes every trace of both afterwards, also on error.
 */
export async function probe(target: Target, clock: Clock): Promise<DoctorFinding[]> {
  if (target.secret === "")
    return [
      wrong(
        "secret",
        "none is known here",
        `set ELEVENLABS_WEBHOOK_SECRET, or look at ${target.whereToLook("delivery")}`,
      ),
    ];
  const body = Buffer.from(
    JSON.stringify({ type: "archive_probe", data: { conversation_id: `probe_${randomUUID()}` } }),
  );
  const event = readEvent(body);
  // If the clocks are too far apart, it lies in quarantine.
  const keys = [rawKey(event, body), quarantineKey(event, body)];
  try {
    const forged = await post(target.url, body, `not ${target.secret}`, clock.now());
    const genuine = await post(target.url, body, target.secret, clock.now());
    const clocks =
      genuine.status === 0 ? [] : [clockFinding("clock of the archive", secondsAhead(genuine.date, clock.now()))];
    const key = keys.find((each) => each === storedKey(genuine));
    const processed = key === undefined ? [] : [await processing(key, target, clock)];
    return [signatureFinding(forged), secretFinding(genuine, key, target), ...clocks, ...processed];
  } finally {
    for (const key of keys) await removeProbe(key, target);
  }
}

function signatureFinding({ status }: PostResult): DoctorFinding {
  if (status === 401) return ok("receiver", "refuses what is not signed");
  if (status === 0) return note("receiver", "it does not answer");
  return wrong("receiver", `answered ${status} to a forged delivery`, "is this address that of a call archive?");
}

function secretFinding(
  { status, text: body }: PostResult,
  key: string | undefined,
  { whereToLook }: Target,
): DoctorFinding {
  if (key !== undefined) return ok("secret", "accepts what is signed with it");
  if (status === 401)
    return wrong(
      "secret",
      "the archive refuses what is signed with the secret known here",
      "put the secret of the webhook at both places (docs/operating.md, Rotation)",
    );
  const detail = status === 0 ? `no answer: ${body}` : `answered ${status} ${body.slice(0, 200)}`;
  return wrong("secret", detail, `look at ${whereToLook("delivery")}`);
}

/** The key under which the archive stored an unrouted or quarantined delivery; `null` if it did not. */
function storedKey({ status, text: body }: PostResult): string | null {
  const response = parsedJson(body);
  const isKept = ["unrouted", "quarantined"].includes(text(at(response, "status")) ?? "");
  return status === 200 && isKept ? text(at(response, "key")) : null;
}

async function processing(key: string, { archive, whereToLook }: Target, clock: Clock): Promise<DoctorFinding> {
  // What was answered 200 is there, for whoever looks at the right place.
  if (!(await archive.get(key)))
    return wrong(
      "processing",
      `the archive keeps its objects elsewhere, and has a ${key} now`,
      "set ARCHIVE_DIR to its folder, or name its stack with --stack; delete that object",
    );
  const began = clock.now().getTime();
  for (;;) {
    const { index } = await readIndex(archive, slugged(key));
    const seconds = (clock.now().getTime() - began) / 1000;
    if (index.objects[key]?.done.includes("rows")) return ok("processing", `done after ${seconds.toFixed(1)} s`);
    if (1000 * seconds >= PROCESSING_TIMEOUT_MS)
      return wrong(
        "processing",
        `not done after ${PROCESSING_TIMEOUT_MS / 1000} s`,
        `look at ${whereToLook("processing")}`,
      );
    await clock.sleep(POLL_MS);
  }
}

async function removeProbe(key: string, target: Target): Promise<void> {
  const conversation = slugged(key);
  const { index } = await readIndex(target.archive, conversation);
  const rowKeys = index.days.map((day) => liveKey(unroutedDeliveries.name, day, conversation));
  await removeTraces({ keys: [key, indexKey(conversation)], rowKeys, conversation, userIds: [] }, target);
}
