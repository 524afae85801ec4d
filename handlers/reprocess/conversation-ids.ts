import { parse } from "csv-parse/sync";
import { parsedJson } from "../../queries/tables/parsed-json.ts";
import { at, isObject, list, text } from "../call/json.ts";
import { messageOf } from "../clients/observability/log.ts";

/** A text from which no conversation ids can be read. The message says why, and what is understood. */
export class NoConversationIds extends Error {
  override readonly name = "NoConversationIds";

  constructor(problem: string) {
    super(
      `${problem}. Ids are read from CSV whose header has conversation_id, from a JSON array of objects that have it ` +
        "or of texts, and from plain lines, an id each",
    );
  }
}

/** What ElevenLabs' ids are made of, and those of other systems that may stand in their place. */
const PLAIN_ID = /^[^\s,;"']+$/;

/**
 * The conversation ids in the answer of a saved query (`--format csv` or `json`) or in a list of a person's, each once,
 * in their order.
 *
 * What `npm run` says before a command's output is passed over, so that one command can be piped into another.
 *
 * @throws NoConversationIds
 */
export function conversationIdsIn(source: string): string[] {
  const answer = source.replace(/^\ufeff?(?:\s*\n|> .*\n)*/, "").trimEnd();
  const ids = /^[[{]/.test(answer) ? idsInJson(answer) : idsInLines(answer);
  return [...new Set(ids)];
}

function idsInJson(answer: string): string[] {
  const items = parsedJson(answer, (error) => {
    throw new NoConversationIds(`This begins like JSON and is none: ${messageOf(error)}`);
  });
  if (!Array.isArray(items)) throw new NoConversationIds("This JSON is no array");
  return list(items).map((item, index) => {
    const id = isObject(item) ? text(at(item, "conversation_id")) : text(item);
    if (!id) throw new NoConversationIds(`Item ${index + 1} of the array has no conversation_id`);
    return id;
  });
}

function idsInLines(answer: string): string[] {
  const [header = [], ...records] = recordsIn(answer);
  const column = header.indexOf("conversation_id");
  if (column >= 0) return records.map((fields, index) => idOf(fields[column], `Record ${index + 1} of the CSV`));
  const lines = answer.split("\n").map((line) => line.trim());
  return lines.flatMap((line, index) => (line === "" ? [] : [idOf(line, `Line ${index + 1}`)]));
}

/** The records of a text as CSV. What has quotes in odd places is read as far as it can be: it may be plain lines. */
function recordsIn(answer: string): string[][] {
  try {
    return parse(answer, {
      record_delimiter: ["\r\n", "\n", "\r"],
      relax_quotes: true,
      relax_column_count: true,
      skip_records_with_empty_values: true,
    });
  } catch (error) {
    throw new NoConversationIds(`This cannot be read as CSV: ${messageOf(error)}`);
  }
}

function idOf(candidate: string | undefined, where: string): string {
  if (!candidate || !PLAIN_ID.test(candidate)) throw new NoConversationIds(`${where} has no conversation id`);
  return candidate;
}
