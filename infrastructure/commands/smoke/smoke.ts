import { indexKey, mp3Key } from "../../../handlers/call/keys.ts";
import { deliveredAudioKey } from "../../../handlers/call/kinds/audio.ts";
import { transcription } from "../../../handlers/call/kinds/transcription.ts";
import type { Clock } from "../../../handlers/clients/clock.ts";
import { messageOf } from "../../../handlers/clients/observability/log.ts";
import { type ConversationIndex, readIndex } from "../../../handlers/process/conversation-index.ts";
import { TABLES } from "../../../queries/tables/all.ts";
import { sqlName } from "../../../queries/tables/sql-text.ts";
import { liveKey } from "../../../queries/tables/table.ts";
import { utcDate, utcHour } from "../../../queries/tables/utc-date.ts";
import type { SampleCall } from "../../samples/sample-calls.ts";
import { removeTraces, type StoredObjectInfo, storedObjectInfo, type Target } from "../toolkit/deployment/target.ts";
import { post } from "../toolkit/post.client.ts";

/** What arrived of a sample call, and what is missing, with where to look. */
export interface SmokeReport {
  readonly objects: readonly StoredObjectInfo[];
  readonly rows: readonly { readonly table: string; readonly count: number }[];
  readonly memory: string;
  readonly missing: readonly string[];
}

export interface SmokeOptions {
  readonly timeoutMs: number;
  readonly clock: Clock;
  /** Called with a line for each action. */
  readonly onStep: (line: string) => void;
}

/**
 * Sends `call` and its separate recording, waits until both are processed, checks the results, and removes them again.
 */
export async function smoke(call: SampleCall, target: Target, options: SmokeOptions): Promise<SmokeReport> {
  const key = `${call.caller}/${call.conversationId}.json`;
  const keys = [key, mp3Key(key), deliveredAudioKey(call.conversationId), indexKey(call.conversationId)];
  let index: ConversationIndex | undefined;
  try {
    const problems = await deliver(call, key, target, options);
    if (problems.length > 0) return { objects: [], rows: [], memory: "none", missing: problems };
    index = await waitUntilProcessed(key, call, target, options);
    return await report(keys, index, call, target);
  } finally {
    const conversation = call.conversationId;
    const hours = index?.hours.length ? index.hours : [utcHour(call.startedAt)];
    const rowKeys = hours.flatMap((hour) => TABLES.map(({ name }) => liveKey(name, hour, conversation)));
    const isStored = (await Promise.all(keys.map((each) => target.archive.head(each)))).some(Boolean);
    await removeTraces({ keys, rowKeys, conversation, userIds: index?.memory?.user_ids ?? [] }, target);
    if (isStored) options.onStep("removed all traces of the call");
  }
}

/** Posts the call, and returns what prevents that it arrives in this archive. */
async function deliver(
  { bodies, conversationId }: SampleCall,
  key: string,
  target: Target,
  { onStep, clock }: SmokeOptions,
): Promise<string[]> {
  const missing: string[] = [];
  for (const [name, body] of [
    ["transcription", bodies.transcription],
    ["audio", bodies.audio],
  ] as const) {
    const answer = await post(target.url, Buffer.from(body ?? ""), target.secret, clock.now());
    onStep(`posted the ${name}: ${answer.status || "no response"} ${answer.text.slice(0, 200)}`);
    if (answer.status !== 200) missing.push(`the ${name} was not accepted: look at ${target.whereToLook("delivery")}`);
    // A delivery that was answered 200 is stored. If it is not here, another archive has it.
    else if (!(await target.archive.head(key)))
      return [
        `${key} is not in ${target.name}: ${target.url} belongs to another archive. Set ARCHIVE_DIR to its folder, or add --stack with its name, and remove the call there: npm run erase -- --conversation ${conversationId}`,
      ];
  }
  return missing;
}

/** Returns the index of the call when all steps are done, or after `timeoutMs`. */
async function waitUntilProcessed(
  key: string,
  call: SampleCall,
  { archive }: Target,
  { timeoutMs, clock, onStep }: SmokeOptions,
) {
  const began = clock.now().getTime();
  for (;;) {
    const { index } = await readIndex(archive, call.conversationId);
    const seconds = (clock.now().getTime() - began) / 1000;
    if (remainingSteps(index, key, call.conversationId).length === 0) {
      onStep(`processed after ${seconds.toFixed(1)} s`);
      return index;
    }
    if (seconds * 1000 >= timeoutMs) return index;
    await clock.sleep(500);
  }
}

function remainingSteps({ objects }: ConversationIndex, key: string, conversation: string): string[] {
  const steps = transcription.steps.filter((step) => !objects[key]?.done.includes(step));
  const audio = objects[deliveredAudioKey(conversation)]?.done.includes("audio") ? [] : ["delivered audio"];
  return [...steps, ...audio];
}

async function report(
  keys: string[],
  index: ConversationIndex,
  call: SampleCall,
  target: Target,
): Promise<SmokeReport> {
  const [key = "", mp3] = keys;
  const found = await Promise.all(keys.map((each) => storedObjectInfo(each, target)));
  const objects = found.filter((object) => object !== undefined);
  const missing = remainingSteps(index, key, call.conversationId).map(
    (step) => `${step}: not done in time: look at ${target.whereToLook("processing")}`,
  );
  for (const [n, each] of keys.entries()) {
    if (!found[n]) missing.push(`${each} is not in the archive: look at ${target.whereToLook("processing")}`);
  }
  if (mp3 && found[1] && call.mp3 && found[1].size !== call.mp3.length)
    missing.push(`${mp3} differs from the recording that was sent`);
  const day = index.home?.day ?? utcDate(call.startedAt);
  const { rows, problems } = await rowsOf(call.conversationId, day, target).catch((error: unknown) => ({
    rows: [],
    problems: [`the tables cannot be opened: ${messageOf(error)}`],
  }));
  missing.push(...problems);
  for (const { table, count } of rows) {
    const expected = ["conversations", "turns", "recordings"].includes(table);
    if (expected && count === 0) missing.push(`${table} has no row of the call: look at ${target.whereToLook("rows")}`);
  }
  const memory = index.memory ? `${index.memory.state}, for ${index.memory.user_ids.length} caller` : "none";
  return { objects, rows, memory, missing };
}

/** Counts the rows of a conversation in each table, as an analyst sees them. */
async function rowsOf(conversation: string, day: string, target: Target) {
  const rows: { table: string; count: number }[] = [];
  const problems: string[] = [];
  const tables = await target.tables();
  try {
    for (const { name } of TABLES) {
      try {
        const sql = `select count(*) as n from ${sqlName(name)} where dt = ? and conversation_id = ?`;
        const answer = await tables.run(sql, [day, conversation]);
        rows.push({ table: name, count: Number(answer.rows[0]?.[0] ?? 0) });
      } catch (error) {
        problems.push(`${name} cannot be queried: ${messageOf(error)}`);
      }
    }
  } finally {
    tables.close();
  }
  return { rows, problems };
}
