import { expect, test } from "vitest";
import type {
  ConversationWindow,
  ListedConversation,
} from "../../../../../handlers/clients/elevenlabs/conversation-source.ts";
import { ServiceRefused } from "../../../../../handlers/clients/http/service-errors.ts";
import { backfill, firstDayOf } from "../../../../../infrastructure/commands/toolkit/backfill/backfill.ts";
import type { Bookmark, Place } from "../../../../../infrastructure/commands/toolkit/bookmark.client.ts";
import { aTranscription } from "../../../../support/fixtures/events.ts";
import { aWorld, NOW } from "../../../../support/fixtures/world.ts";

const DAYS = { from: "2026-11-01", to: "2026-11-04", agent: undefined };

/** ElevenLabs with one call per day. Requests for the conversations of `failing` days fail. */
function anArchiveAndElevenLabs(reason = new Error("not now")) {
  const { archive } = aWorld();
  const failing = new Set<string>();
  const requested: string[] = [];
  let place: Place | undefined;
  const bookmark: Bookmark = {
    place: async () => place,
    save: async (saved) => {
      place = saved;
    },
    remove: async () => {
      place = undefined;
    },
  };
  const conversations = {
    async *list({ from }: ConversationWindow): AsyncGenerator<ListedConversation> {
      const conversationId = from.toISOString().slice(0, 10);
      requested.push(conversationId);
      yield { conversationId, agentId: null, startedAt: from, durationSecs: 0, isFinished: true };
    },
    async conversation(conversation_id: string) {
      if (failing.has(conversation_id)) throw reason;
      return Buffer.from(JSON.stringify(JSON.parse(aTranscription({ conversation_id }).toString()).data));
    },
  };
  const recordings = { recording: async () => undefined };
  const run = async (more = {}) => {
    requested.length = 0;
    const first = await firstDayOf(DAYS, bookmark);
    return backfill(first, DAYS, bookmark, { archive, conversations, recordings, now: () => NOW, ...more });
  };
  return { run, failing, requested, place: () => place };
}

test("reconciles the days one by one, the oldest first, and removes its bookmark at the end", async () => {
  const { run, requested, place } = anArchiveAndElevenLabs();
  expect(await run()).toMatchObject({ listed: 4, recovered: 4 });
  expect(requested).toEqual(["2026-11-01", "2026-11-02", "2026-11-03", "2026-11-04"]);
  expect(place()).toBeUndefined();
});

test("reconciles the other days if one fails, and the next run continues with that day", async () => {
  const { run, failing, requested } = anArchiveAndElevenLabs();
  failing.add("2026-11-03");
  expect(await run()).toMatchObject({ recovered: 3, failed: 1 });
  failing.clear();
  expect(await run()).toMatchObject({ recovered: 1, present: 1 });
  expect(requested).toEqual(["2026-11-03", "2026-11-04"]);
  expect(await run()).toMatchObject({ present: 4 });
});

test("a dry run saves no bookmark", async () => {
  const { run, failing, place } = anArchiveAndElevenLabs();
  failing.add("2026-11-03");
  expect(await run({ isDryRun: true })).toMatchObject({ missing: 4 });
  expect(place()).toBeUndefined();
});

test("a rejected key ends the run, and does not change the bookmark", async () => {
  const { run, failing, requested, place } = anArchiveAndElevenLabs(new ServiceRefused("no", { status: 401 }));
  failing.add("2026-11-02");
  await expect(run()).rejects.toThrow("no");
  expect(requested).toEqual(["2026-11-01", "2026-11-02"]);
  expect(place()).toEqual({ after: "2026-11-01", done: 1 });
  failing.clear();
  expect(await run()).toMatchObject({ recovered: 3 });
});
