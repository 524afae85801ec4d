import { parsedJson } from "../../../queries/tables/parsed-json.ts";

/** Why a service refused. */
export interface Refusal {
  /** The service's reason. It may be logged: it contains nothing that was sent. */
  readonly reason?: string | undefined;
  /** The service's code for the reason. */
  readonly code?: string | undefined;
}

/** Reads the reason from the JSON of a refusal and its status. */
export type RefusalReader = (answer: unknown, status: number) => Refusal;

/** The longest refusal that is read. A longer one is a page, not a reason. */
const LONGEST_REFUSAL_BYTES = 64 * 1024;

/** Returns why a service refused; empty if the answer does not arrive or is not JSON. */
export async function refusalIn(response: Response, read: RefusalReader | undefined): Promise<Refusal> {
  if (!read) {
    await response.body?.cancel();
    return {};
  }
  const answer = parsedJson(await startOf(response).catch(() => ""));
  try {
    return answer === undefined ? {} : read(answer, response.status);
  } catch {
    // An unreadable reason must not hide the refusal.
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
