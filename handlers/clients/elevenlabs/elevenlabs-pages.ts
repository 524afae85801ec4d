import { at, text } from "../../call/json.ts";
import { readJson } from "../http/json-response.ts";
import { ServiceUnavailable, whileTryingTo } from "../http/service-errors.ts";
import type { ElevenLabsApi } from "./elevenlabs-api.client.ts";

/** The most that a page holds (elevenlabs.io, List conversations and List agents, 2026-11). */
const PAGE_SIZE = 100;

/** A list that comes in pages. */
export interface PagedList {
  /** What is being done, for errors: `list conversations`. */
  readonly task: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** The member of an answer that holds the entries. */
  readonly member: string;
}

/**
 * The entries of all pages of a list, one after the other. A page is asked for when the one before is used up.
 *
 * @throws ServiceRefused
 * @throws ServiceUnavailable also where a page is none, or the way to the next is not given: what is on it would seem not
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
    if (page.next !== null && page.next === cursor) throw new ServiceUnavailable("ElevenLabs gave the same page twice");
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
    throw new ServiceUnavailable("ElevenLabs answered with no list: check ELEVENLABS_API_URL");
  const next = text(at(answer, "next_cursor"));
  const hasMore = at(answer, "has_more");
  if (hasMore === true && next === null)
    throw new ServiceUnavailable("ElevenLabs has more, and does not say where it goes on");
  return { entries, next: hasMore === false ? null : next };
}
