import { rm } from "node:fs/promises";
import { resolve } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { parsedJson } from "../../../queries/tables/parsed-json.ts";
import { at, text } from "../../call/json.ts";
import { isText, listOf, objectOf, oneOf, optional, orNull } from "../../call/shape.ts";
import { slugged } from "../../call/slug.ts";
import { replaceFile } from "../archive/atomic-file.client.ts";
import { blockingReads, concurrentReads, type FileReads } from "../archive/file-reads.client.ts";
import { inTurn } from "../in-turn.ts";
import type { Memory, Message, StoredMemories } from "./memories.ts";

/** One queue for all folders of this process: two stores of the same folder wait for each other. */
const oneAtATime = inTurn();

/**
 * Memories in a folder: `{root}/memories/{user_id}.jsonl`, one per line, in the order of the calls' starts.
 *
 * The same memories make the same file, in whatever order they arrive. A file is replaced atomically. A foreign line is
 * kept, byte for byte, below the memories. A damaged memory is deleted with its conversation, as long as it still names
 * it. Two writers in one process lose nothing; two processes may. `readsBlock` as for `folderArchive`.
 */
export function folderMemories(root: string, { readsBlock = false } = {}): StoredMemories {
  const reads = readsBlock ? blockingReads : concurrentReads;
  const pathOf = (userId: string) => resolve(root, "memories", `${fileName(userId)}.jsonl`);

  function changeLines(userId: string, change: (lines: readonly string[]) => readonly string[]): Promise<void> {
    const path = pathOf(userId);
    return oneAtATime(path, async () => {
      const before = await linesOf(path);
      const after = change(before);
      if (after.length === before.length) return;
      if (after.length === 0) return rm(path);
      await replaceFile(path, resolve(root, "tmp"), Buffer.from(`${inOrder(after).join("\n")}\n`, "latin1"));
    });
  }

  return {
    async add(memory) {
      await changeLines(memory.user_id, (lines) => [...lines, lineOf(memory)]);
      return "added";
    },
    async forget(userId, conversationId) {
      await changeLines(userId, (lines) => lines.filter((line) => !isOf(line, userId, conversationId)));
    },
    async areExactly(memories, userId, conversationId) {
      const lines = (await linesOf(pathOf(userId), reads)).filter((line) => isOf(line, userId, conversationId));
      return isDeepStrictEqual(lines.toSorted(), memories.map(lineOf).toSorted());
    },
    async of(userId) {
      const memories = (await linesOf(pathOf(userId), reads)).map(parsed).filter(isMemory);
      return memories.filter((memory) => memory.user_id === userId);
    },
  };
}

/** How many lines in `{root}/memories/{name}` are not memories of a user of this file. */
export async function foreignLines(root: string, name: string, { readsBlock = false } = {}): Promise<number> {
  const lines = await linesOf(resolve(root, "memories", name), readsBlock ? blockingReads : concurrentReads);
  return lines.filter((line) => {
    const [user, conversation] = ["user_id", "conversation_id"].map((each) => text(at(parsed(line), each)));
    return !user || !conversation || `${fileName(user)}.jsonl` !== name;
  }).length;
}

/**
 * The file name of a user: a phone number or a plain id unchanged, anything else as a slug. No id leaves the folder.
 */
function fileName(userId: string): string {
  return /^\+?[A-Za-z0-9_-]{1,128}$/.test(userId) ? userId : slugged(userId);
}

/** Reads the lines as strings with one character per byte, so that a torn line can be written back unchanged. */
async function linesOf(path: string, reads: Pick<FileReads, "file"> = concurrentReads): Promise<readonly string[]> {
  const content = (await reads.file(path))?.body.toString("latin1");
  return (content ?? "").split("\n").filter((line) => line !== "");
}

function lineOf({ user_id, type, conversation_id, messages, metadata: about }: Memory): string {
  const roleAndContent = messages.map(({ role, content }) => ({ role, content }));
  const metadata = {
    type: about.type,
    conversation_id: about.conversation_id,
    agent_id: about.agent_id,
    call_duration_secs: about.call_duration_secs,
    started_at: about.started_at,
    ...(about.shortened && { shortened: true, messages_left_out: about.messages_left_out }),
  };
  const line = JSON.stringify({ user_id, type, conversation_id, messages: roleAndContent, metadata });
  return Buffer.from(line).toString("latin1");
}

/** The JSON of a line; `undefined` if it is not JSON. */
function parsed(line: string): unknown {
  return parsedJson(Buffer.from(line, "latin1").toString());
}

/**
 * Whether a line is a memory of the conversation under this user, damaged or not. A line has its conversation id twice,
 * so one flipped bit hides neither the id nor the user, unless the damaged user id has the same file.
 */
function isOf(line: string, userId: string, conversationId: string): boolean {
  const name = Buffer.from(`"conversation_id":${JSON.stringify(conversationId)}`).toString("latin1");
  if (!line.includes(name)) return false;
  const user = text(at(parsed(line), "user_id"));
  return user === null || user === userId || fileName(user) !== fileName(userId);
}

/** Memories by start, conversation, type and bytes; then foreign lines in their old order. */
function inOrder(lines: readonly string[]): readonly string[] {
  const ranked = lines.map((line) => ({ line, rank: rankOf(line) }));
  const ours = ranked.filter(({ rank }) => rank !== undefined);
  const others = ranked.filter(({ rank }) => rank === undefined);
  return [...ours.toSorted(byRank), ...others].map(({ line }) => line);
}

interface Ranked {
  readonly line: string;
  readonly rank: readonly string[] | undefined;
}

function rankOf(line: string): readonly string[] | undefined {
  const memory = parsed(line);
  const conversationId = text(at(memory, "conversation_id"));
  if (conversationId === null) return undefined;
  return [text(at(memory, "metadata", "started_at")) ?? "", conversationId, text(at(memory, "type")) ?? "", line];
}

function byRank({ rank: one = [] }: Ranked, { rank: other = [] }: Ranked): number {
  const difference = one.findIndex((part, index) => part !== other[index]);
  if (difference === -1) return 0;
  return (one[difference] ?? "") < (other[difference] ?? "") ? -1 : 1;
}

const isMemoryType = oneOf("factual", "semantic");

/** Whether a parsed line is a memory. */
const isMemory = objectOf<Memory>({
  user_id: isText,
  type: isMemoryType,
  conversation_id: isText,
  messages: listOf(objectOf<Message>({ role: oneOf("user", "assistant"), content: isText })),
  metadata: objectOf<Memory["metadata"]>({
    type: isMemoryType,
    conversation_id: isText,
    agent_id: orNull(isText),
    call_duration_secs: orNull(isNumber),
    started_at: orNull(isText),
    shortened: optional(isTrue),
    messages_left_out: optional(isNumber),
  }),
});

function isNumber(value: unknown): value is number {
  return typeof value === "number";
}

function isTrue(value: unknown): value is true {
  return value === true;
}
