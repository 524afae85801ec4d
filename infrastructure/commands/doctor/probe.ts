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

/** The longest time in which a small object must be processed. */
const PROCESSING_TIMEOUT_MS = 60_000;
const POLL_MS = 250;

/**
 * Posts two deliveries of a type that the archive does not know. One has a wrong signature and must be refused. The
 * other is genuine, and must be stored as unrouted and processed. Removes every trace of both afterwards, also on
 * error.
 */
export async function probe(target: Target, clock: Clock): Promise<DoctorFinding[]> {
  if (target.secret === "")
    return [
      wrong(
        "secret",
        "no webhook secret is known here",
        `set ELEVENLABS_WEBHOOK_SECRET, or look at ${target.whereToLook("delivery")}`,
      ),
    ];
  const body = Buffer.from(
    JSON.stringify({ type: "archive_probe", data: { conversation_id: `probe_${randomUUID()}` } }),
  );
  const event = readEvent(body);
  // It is quarantined if the clocks are too far apart.
  const keys = [rawKey(event, body, undefined), quarantineKey(event, body)];
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
  if (status === 401) return ok("receiver", "refuses a forged delivery");
  if (status === 0) return note("receiver", "does not respond");
  return wrong(
    "receiver",
    `answered ${status} to a forged delivery`,
    "check that this is the address of a call archive",
  );
}

function secretFinding(
  { status, text: body }: PostResult,
  key: string | undefined,
  { whereToLook }: Target,
): DoctorFinding {
  if (key !== undefined) return ok("secret", "the archive accepts a delivery that is signed with it");
  if (status === 401)
    return wrong(
      "secret",
      "the archive refuses a delivery that is signed with the secret known here",
      "set the webhook's secret in both places (docs/operating.md, Rotation)",
    );
  const detail = status === 0 ? `no response: ${body}` : `answered ${status} ${body.slice(0, 200)}`;
  return wrong("secret", detail, `look at ${whereToLook("delivery")}`);
}

/** Returns the key of the unrouted or quarantined delivery in the response; `null` if there is none. */
function storedKey({ status, text: body }: PostResult): string | null {
  const response = parsedJson(body);
  const isKept = ["unrouted", "quarantined"].includes(text(at(response, "status")) ?? "");
  return status === 200 && isKept ? text(at(response, "key")) : null;
}

async function processing(key: string, { archive, whereToLook }: Target, clock: Clock): Promise<DoctorFinding> {
  // A delivery that was answered 200 is stored. If it is not here, this is another archive.
  if (!(await archive.get(key)))
    return wrong(
      "processing",
      `the archive stores its objects elsewhere: the test delivery is there as ${key}`,
      "set ARCHIVE_DIR to its folder, or add --stack with its name; then delete that object",
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
  const rowKeys = index.hours.map((hour) => liveKey(unroutedDeliveries.name, hour, conversation));
  await removeTraces({ keys: [key, indexKey(conversation)], rowKeys, conversation, userIds: [] }, target);
}
