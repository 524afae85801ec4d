import { parsedJson } from "../../../queries/tables/parsed-json.ts";

/** Why a service refused. */
export interface Refusal {
  /** Its reason in words that may be logged: nothing that was sent is in them. */
  readonly words?: string | undefined;
  /** Its own code for the reason. */
  readonly code?: string | undefined;
}

/** Reads the reason from the JSON of a refusal and its status. */
export type RefusalReader = (answer: unknown, status: number) => Refusal;

/** A refusal that is longer than this is not read: it is a page, not a reason. */
const LONGEST_REFUSAL_BYTES = 64 * 1024;

/** Why a service refused, by its answer; nothing where that does not arrive, or is no JSON. */
export async function refusalIn(response: Response, read: RefusalReader | undefined): Promise<Refusal> {
  if (!read) {
    await response.body?.cancel();
    return {};
  }
  const answer = parsedJson(await startOf(response).catch(() => ""));
  try {
    return answer === undefined ? {} : read(answer, response.status);
  } catch {
    // A refusal stays one, whatever its reason looks like.
    return {};
  }
}

async function startOf({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > LONGEST_REFUSAL_BYTES) break;
  }
  return Buffer.concat(chunks).toString();
}
