import { expect, test } from "vitest";
import { readEvent } from "../../../handlers/call/event.ts";
import { isKnown } from "../../../handlers/call/kinds/registry.ts";
import { transcriptMarkdown, transcriptText, transcriptVtt, turnsOf } from "../../../handlers/read/transcript.ts";
import { aTranscription } from "../../support/fixtures/events.ts";

const turn = (role: unknown, message: unknown, time_in_call_secs: unknown, more = {}) => ({
  role,
  message,
  time_in_call_secs,
  ...more,
});

function turns(...transcript: unknown[]) {
  const event = readEvent(aTranscription({ transcript }));
  return isKnown(event) ? turnsOf(event, "anonymous") : [];
}

test("is text, Markdown and captions", () => {
  const said = turns(
    turn("agent", "Hi & <b>welcome</b>", 0),
    turn("user", "*Two*\n  lines --> 🙂 שלום", 61.5),
    turn("agent", null, 62, { tool_calls: [{ request_id: "1", tool_name: "look_up" }] }),
    turn("user", "mhm", 63, { ignored_as_backchannel: true }),
    turn("agent", "...", 64),
    turn("agent", "Bye", 65, { interrupted: true }),
  );
  expect(transcriptText(said)).toBe(
    [
      "00:00 agent: Hi & <b>welcome</b>",
      "01:01 user: *Two* lines --> 🙂 שלום",
      "01:02 agent: [calls look_up]",
      "01:03 user: [backchannel] mhm",
      "01:05 agent: Bye [interrupted]",
      "",
    ].join("\n"),
  );
  expect(transcriptMarkdown(said, "conv_1")).toContain("**user** (01:01): \\*Two\\* lines --\\> 🙂 שלום\n");
  expect(transcriptVtt(said)).toBe(
    [
      "WEBVTT",
      "",
      "00:00:00.000 --> 00:01:01.500",
      "<v agent>Hi &amp; &lt;b&gt;welcome&lt;/b&gt;",
      "",
      "00:01:01.500 --> 00:01:02.000",
      "<v user>*Two* lines --&gt; 🙂 שלום",
      "",
      "00:01:02.000 --> 00:01:03.000",
      "<v agent>[calls look_up]",
      "",
      "00:01:03.000 --> 00:01:05.000",
      "<v user>[backchannel] mhm",
      "",
      "00:01:05.000 --> 00:01:10.000",
      "<v agent>Bye [interrupted]",
      "",
    ].join("\n"),
  );
});

test("captions are in order and have a length, whatever the times are", () => {
  const odd = [5, null, "x", -1, 1e308, 2, 5].map((time, n) => turn(n === 3 ? "a>b\nc" : null, `word ${n}`, time));
  const times = [...transcriptVtt(turns(...odd)).matchAll(/^(\S+) --> (\S+)$/gm)].map(([, from = "", to = ""]) => ({
    from,
    to,
  }));
  expect(times).toHaveLength(7);
  for (const { from, to } of times)
    expect([from, to].join()).toMatch(/^\d{2,}:\d\d:\d\d\.\d{3},\d{2,}:\d\d:\d\d\.\d{3}$/);
  expect(times.every(({ from, to }) => from < to || from.length < to.length)).toBe(true);
});

test("a transcript of 20,000 entries is written", () => {
  const long = turns(...Array.from({ length: 20_000 }, (_, n) => turn("user", "a", n)));
  expect(transcriptText(long).split("\n")).toHaveLength(20_001);
});

test("a transcript without entries is empty", () => {
  expect([transcriptText([]), transcriptVtt([])]).toEqual(["", "WEBVTT\n"]);
});
