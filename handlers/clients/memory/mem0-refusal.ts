import { parsedJson } from "../../../queries/tables/parsed-json.ts";
import { at, list, text, words } from "../../call/json.ts";

/**
 * The members with Mem0's reason: `error` in docs.mem0.ai; `detail` and `message` are Django's and its gateway's
 * (2026-11).
 */
const MEMBERS = ["error", "detail", "message"];

const LONGEST_REASON = 300;

/**
 * The number of consecutive letters of a sent text that count as a quotation. Shorter runs also occur in ordinary
 * sentences.
 */
const QUOTED_LETTERS = 16;

/** A whole message that is shorter, such as "Yes", does not count as quoted. */
const SHORTEST_MESSAGE = 4;

/**
 * Mem0's reason for refusing an add, at most 300 characters; `undefined` if it gave none, or if it quotes what was
 * sent: a log must not contain what people said.
 *
 * @param sent the body of the request, as JSON
 */
export function reasonOfMem0(answer: unknown, sent: string): string | undefined {
  const body = parsedJson(sent);
  // Without the sent texts a quotation cannot be found.
  if (body === undefined) return undefined;
  const sentTexts = textsIn(body).map(normalized);
  const reasons = MEMBERS.map((member) => onOneLine(words(at(answer, member)) ?? ""));
  return reasons.find((reason) => reason !== "" && !isQuoting(normalized(reason), sentTexts));
}

function onOneLine(reason: string): string {
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

function normalized(value: string): string {
  return value.toLowerCase().replace(/\s+/g, " ").trim();
}
