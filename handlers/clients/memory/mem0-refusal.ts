import { parsedJson } from "../../../queries/tables/parsed-json.ts";
import { at, list, text, words } from "../../call/json.ts";

/** Where Mem0 gives its reason (`error` in docs.mem0.ai; `detail` and `message` are Django's and its gateway's, 2026-11). */
const MEMBERS = ["error", "detail", "message"];

const LONGEST_REASON = 300;

/** As many letters in a row that were sent are taken for a quotation: fewer are also found in ordinary sentences. */
const QUOTED_LETTERS = 16;

/** A whole message with fewer letters, such as "Yes", tells nothing. */
const SHORTEST_MESSAGE = 4;

/**
 * Mem0's own reason for refusing an add, at most 300 characters; `undefined` if it gave none, or one that repeats
 * something of what was sent: what was said must not come into a log.
 *
 * @param sent the body of the request, as JSON
 */
export function reasonOfMem0(answer: unknown, sent: string): string | undefined {
  const body = parsedJson(sent);
  // What was sent cannot be looked for.
  if (body === undefined) return undefined;
  const sentTexts = textsIn(body).map(plain);
  const reasons = MEMBERS.map((member) => shown(words(at(answer, member)) ?? ""));
  return reasons.find((reason) => reason !== "" && !isQuoting(plain(reason), sentTexts));
}

function shown(reason: string): string {
  const line = reason.replace(/\s+/g, " ").trim();
  return line.length <= LONGEST_REASON ? line : `${line.slice(0, LONGEST_REASON - 1)}…`;
}

function textsIn(body: unknown): readonly string[] {
  const contents = list(at(body, "messages")).map((message) => text(at(message, "content")));
  return [text(at(body, "user_id")), ...contents].filter((each) => each !== null);
}

function isQuoting(reason: string, sentTexts: readonly string[]): boolean {
  const quotes = [...(reason.match(/\d{4,}/g) ?? [])];
  for (let from = 0; from + QUOTED_LETTERS <= reason.length; from += 1)
    quotes.push(reason.slice(from, from + QUOTED_LETTERS));
  return sentTexts.some(
    (each) =>
      (each.length >= SHORTEST_MESSAGE && reason.includes(each)) || quotes.some((quote) => each.includes(quote)),
  );
}

function plain(value: string): string {
  return value.toLowerCase().replace(/\s+/g, " ").trim();
}
