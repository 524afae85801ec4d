import fc from "fast-check";
import { expect, test } from "vitest";
import { readEvent } from "../../handlers/call/event.ts";
import { conversationRow } from "../../handlers/call/rows/conversation-row.ts";
import { turnRows } from "../../handlers/call/rows/turn-rows.ts";
import { memoriesOf } from "../../handlers/process/call-memories.ts";
import { aTranscription } from "../support/fixtures/events.ts";
import { runs } from "../support/fixtures/fuzz-runs.ts";
import { NOW } from "../support/fixtures/world.ts";

/** An entry of a transcript, with what its row must have. */
interface Sample {
  readonly entry: Readonly<Record<string, unknown>>;
  readonly row: { readonly role: string; readonly kind: string; readonly message: string | null };
}

const role = fc.constantFrom("user", "agent");
const spoken = fc.constantFrom("Yes.", "No, …", "はい", "🙂", "42", " I want a table. ");
const blank = fc.constantFrom(null, undefined, "", " ", "...", "…", "—", ". . .", "\u00a0");

function sample(kind: string, message: fc.Arbitrary<string | null | undefined>, fields: object): fc.Arbitrary<Sample> {
  return fc.record({ role, message }).map((each) => ({
    entry: { ...each, ...fields },
    row: { role: each.role, kind, message: each.message ?? null },
  }));
}

const inParts = fc.record({ role, message: blank, texts: fc.array(spoken, { minLength: 1, maxLength: 3 }) }).map(
  ({ role, message, texts }): Sample => ({
    entry: { role, message, multivoice_message: { parts: texts.map((text) => ({ text })) } },
    row: { role, kind: "said", message: texts.map((text) => text.trim()).join(" ") },
  }),
);

const anyEntry = fc.oneof(
  sample("said", spoken, {}),
  sample("said", spoken, { platform_event: "user_turn_timeout", tool_calls: [{ tool_name: "t" }] }),
  inParts,
  sample("silence", blank, { tool_calls: [], contextual_update_info: null, ignored_as_backchannel: null }),
  sample("timeout", blank, { platform_event: "user_turn_timeout" }),
  sample("tool", blank, { tool_results: [{ tool_name: "t" }] }),
  sample("file", blank, { file_inputs: [{ original_filename: "a.png" }] }),
  sample("contextual_update", fc.oneof(spoken, blank), { contextual_update_info: { context_id: "page" } }),
  sample("backchannel", fc.oneof(spoken, blank), { ignored_as_backchannel: true }),
);

const detection: Sample = {
  entry: { role: "agent", tool_results: [{ result: { result_type: "voicemail_detection_success" } }] },
  row: { role: "agent", kind: "tool", message: null },
};

/** Entries of every kind in any order. In half of the calls, those of the person before a detection are a mailbox's. */
const transcript = fc
  .record({ before: fc.array(anyEntry), isMachine: fc.boolean(), after: fc.array(anyEntry) })
  .map(({ before, isMachine, after }): Sample[] => {
    if (!isMachine) return [...before, ...after];
    const greetings = before.map(({ entry, row }) => {
      const isGreeting = row.kind === "said" && row.role === "user";
      return { entry, row: isGreeting ? { ...row, kind: "mailbox" } : row };
    });
    return [...greetings, detection, ...after];
  });

test("rows have every entry in order; counts, the first message and memories have only what was said", () => {
  fc.assert(
    fc.property(transcript, (samples) => {
      const event = readEvent(aTranscription({ transcript: samples.map(({ entry }) => entry) }));
      if (event.kind === "unrouted") throw new Error(event.reason);
      const rows = samples.map(({ row }) => row);
      expect(turnRows(event, "1")).toMatchObject(rows.map((row, turn_index) => ({ ...row, turn_index })));

      const said = rows.filter(({ kind }) => kind === "said");
      const byUser = said.filter((row) => row.role === "user");
      const count = (...kinds: string[]) => rows.filter(({ kind }) => kinds.includes(kind)).length;
      expect(conversationRow(event, FROM, undefined)).toMatchObject({
        turn_count: rows.length,
        user_turn_count: byUser.length,
        agent_turn_count: said.length - byUser.length,
        silence_count: count("silence", "timeout"),
        unsaid_count: count("contextual_update", "backchannel", "mailbox"),
        first_user_message: byUser[0]?.message ?? null,
      });

      const semantic = memoriesOf(event, "+1").find(({ type }) => type === "semantic");
      expect(semantic?.messages ?? []).toEqual(
        said.map(({ role, message }) => ({ role: role === "user" ? "user" : "assistant", content: message })),
      );
    }),
    runs(50),
  );
});

const FROM = {
  key: "12025550101/conv_1.json",
  caller: "12025550101",
  bytes: 1,
  sha256: "",
  receivedAt: NOW,
  source: "webhook",
} as const;
