import { type Clock, systemClock } from "../clock.ts";
import { apiKey } from "../credentials/api-key.ts";
import { ServiceRefused, whileTryingTo } from "../http/service-errors.ts";
import { maskedUser } from "./masked-user.ts";
import { waitForAdd } from "./mem0-add.ts";
import { deleteUntilNoneIsLeft } from "./mem0-forget.ts";
import { memoryIds } from "./mem0-list.ts";
import { RetryingMemoryClient } from "./mem0-requests.client.ts";
import type { Memories, Memory } from "./memories.ts";

export interface Mem0Options {
  readonly apiKey: string;
  readonly host?: string;
  /** How long one attempt at one request may take. */
  readonly timeoutMs?: number;
  /** How many attempts may follow a failed one. */
  readonly retries?: number;
  /** How long an accepted add is polled. */
  readonly addTimeoutMs?: number;
  /** How long no memory must appear until an add in flight counts as over. */
  readonly settleMs?: number;
  readonly clock?: Clock;
}

const DEFAULTS = {
  host: "https://api.mem0.ai",
  timeoutMs: 20_000,
  retries: 3,
  addTimeoutMs: 20_000,
  settleMs: 3_000,
  clock: systemClock,
};

/**
 * Memories on Mem0's platform, under the user alone: Mem0 stores a memory of several entities once for each. Each
 * memory has the time of its call, not of the request (`timestamp`, docs.mem0.ai, 2026-11). Mem0 lets a newer memory
 * supersede an older one that contradicts it, and a call may be processed long after newer ones.
 *
 * Its errors are `ServiceRefused` and `ServiceUnavailable`. They name the conversation, and at most two characters of
 * the user.
 *
 * @throws Error if the key is malformed.
 */
export function mem0Memories(options: Mem0Options): Memories {
  const { host, addTimeoutMs, settleMs, clock, ...policy } = { ...DEFAULTS, ...options };
  const key = apiKey(options.apiKey, "MEM0_API_KEY");
  const client = new RetryingMemoryClient(key, host.replace(/\/+$/, ""), { ...policy, clock });

  async function add({ user_id: userId, messages, metadata }: Memory) {
    const timestamp = unixSeconds(metadata.started_at);
    const options = { userId, metadata: { ...metadata }, ...(timestamp !== undefined && { timestamp }) };
    const answer: unknown = await client.add([...messages], options);
    return waitForAdd(answer, { event: (id, ms) => client.event(id, ms), timeoutMs: addTimeoutMs, clock });
  }

  async function forget(userId: string, conversationId: string, inFlight: boolean) {
    const find = () => memoryIds(client, userId, conversationId);
    await deleteUntilNoneIsLeft({ find, remove, settleMs: inFlight ? settleMs : 0, clock });
  }

  async function remove(id: string) {
    try {
      await client.delete(id);
    } catch (error) {
      const isGone = error instanceof ServiceRefused && error.status === 404;
      if (!isGone) throw error;
    }
  }

  return {
    add: (memory) =>
      whileTryingTo(
        `add the ${memory.type} memory of ${memory.conversation_id} for user ${maskedUser(memory.user_id)}`,
        () => add(memory),
      ),
    forget: (userId, conversationId, { inFlight }) =>
      whileTryingTo(`forget ${conversationId} for user ${maskedUser(userId)}`, () =>
        forget(userId, conversationId, inFlight),
      ),
  };
}

/** Seconds since 1970, an integer; `undefined` if the time is not known. */
function unixSeconds(time: string | null): number | undefined {
  const ms = Date.parse(time ?? "");
  return Number.isNaN(ms) ? undefined : Math.floor(ms / 1000);
}
