import { parse } from "csv-parse/sync";
import { parsedJson } from "../../queries/tables/parsed-json.ts";
import { at, isObject, list, text } from "../call/json.ts";
import { messageOf } from "../clients/observability/log.ts";

/** An input that contains no conversation ids. The message has the problem and the accepted formats. */
export class NoConversationIds extends Error {
  override readonly name = "NoConversationIds";

  constructor(problem: string) {
    super(
      `${problem}. Accepted input: CSV with a column conversation_id; a JSON array of ids, or of objects with ` +
        "conversation_id; or plain lines with one id each",
    );
  }
}

/** Matches ElevenLabs' ids, and ids of other systems in their place. */
const PLAIN_ID = /^[^\s,;"']+$/;

/**
 * The conversation ids in the result of a saved query (`--format csv` or `json`) or in a list, each once, in order.
 *
 * The lines that `npm run` prints before a command's output are skipped, so that one command can be piped into another.
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
    throw new NoConversationIds(`The input begins like JSON but is not valid: ${messageOf(error)}`);
  });
  if (!Array.isArray(items)) throw new NoConversationIds("The JSON is not an array");
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

/** The records of a text as CSV. Misplaced quotes are accepted, because the text may be plain lines. */
function recordsIn(answer: string): string[][] {
  try {
    return parse(answer, {
      record_delimiter: ["\r\n", "\n", "\r"],
      relax_quotes: true,
      relax_column_count: true,
      skip_records_with_empty_values: true,
    });
  } catch (error) {
    throw new NoConversationIds(`The input cannot be parsed as CSV: ${messageOf(error)}`);
  }
}

function idOf(candidate: string | undefined, where: string): string {
  if (!candidate || !PLAIN_ID.test(candidate)) throw new NoConversationIds(`${where} has no conversation id`);
  return candidate;
}
