import { at, text } from "../../call/json.ts";
import { readJson } from "../http/json-response.ts";
import { ServiceUnavailable, whileTryingTo } from "../http/service-errors.ts";
import type { ElevenLabsApi } from "./elevenlabs-api.client.ts";

/** The largest page (elevenlabs.io, List conversations and List agents, 2026-11). */
const PAGE_SIZE = 100;

/** A paged list. */
export interface PagedList {
  /** The task, as errors name it: `list conversations`. */
  readonly task: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** The member of an answer that holds the entries. */
  readonly member: string;
}

/**
 * The entries of all pages of a list, in order. Requests the next page when the previous one is used up.
 *
 * @throws ServiceRefused
 * @throws ServiceUnavailable also if a page has no list or lacks the cursor to the next one: its entries would seem not
 *   to exist.
 */
export async function* entriesOf(
  api: ElevenLabsApi,
  { task, path, query, member }: PagedList,
): AsyncGenerator<unknown> {
  let cursor: string | null = null;
  do {
    const parameters = new URLSearchParams({
      page_size: String(PAGE_SIZE),
      ...query,
      ...(cursor !== null && { cursor }),
    });
    const page: Page = await whileTryingTo(task, async () =>
      pageIn(await api(`${path}?${parameters}`, readJson), member),
    );
    yield* page.entries;
    if (page.next !== null && page.next === cursor)
      throw new ServiceUnavailable("ElevenLabs returned the same page twice");
    cursor = page.next;
  } while (cursor !== null);
}

interface Page {
  readonly entries: readonly unknown[];
  /** `null` on the last page. */
  readonly next: string | null;
}

function pageIn(answer: unknown, member: string): Page {
  const entries = at(answer, member);
  if (!Array.isArray(entries))
    throw new ServiceUnavailable("ElevenLabs answered without a list: check ELEVENLABS_API_URL");
  const next = text(at(answer, "next_cursor"));
  const hasMore = at(answer, "has_more");
  if (hasMore === true && next === null)
    throw new ServiceUnavailable("ElevenLabs answered has_more without next_cursor");
  return { entries, next: hasMore === false ? null : next };
}
