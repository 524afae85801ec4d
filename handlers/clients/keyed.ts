import type { ConversationSource } from "./conversation-source.ts";
import type { Memories } from "./memories.ts";
import type { RecordingSource } from "./recording-source.ts";
import type { AgentSource, WebhookSource } from "./webhook-source.ts";

/**
 * What `make` gives for a key that may change while it is used: made once for each value of the key.
 *
 * @throws what `key` throws.
 */
function forKey<Service>(key: () => Promise<string>, make: (key: string) => Service): () => Promise<Service> {
  let made: { readonly key: string; readonly service: Service } | undefined;
  return async () => {
    const now = await key();
    if (made?.key !== now) made = { key: now, service: make(now) };
    return made.service;
  };
}

/** Memories under a key that is asked for with each use. */
export function memoriesUnder(key: () => Promise<string>, make: (key: string) => Memories): Memories {
  const memories = forKey(key, make);
  return {
    add: async (memory) => (await memories()).add(memory),
    forget: async (userId, conversationId, options) => (await memories()).forget(userId, conversationId, options),
  };
}

/** Recordings under a key that is asked for with each use. */
export function recordingsUnder(key: () => Promise<string>, make: (key: string) => RecordingSource): RecordingSource {
  const recordings = forKey(key, make);
  return { recording: async (conversationId) => (await recordings()).recording(conversationId) };
}

/** Conversations under a key that is asked for with each use. */
export function conversationsUnder(
  key: () => Promise<string>,
  make: (key: string) => ConversationSource,
): ConversationSource {
  const conversations = forKey(key, make);
  return {
    async *list(window) {
      yield* (await conversations()).list(window);
    },
    conversation: async (conversationId) => (await conversations()).conversation(conversationId),
  };
}

/** The settings of webhooks under a key that is asked for with each use. */
export function webhooksUnder(key: () => Promise<string>, make: (key: string) => WebhookSource): WebhookSource {
  const webhooks = forKey(key, make);
  return { state: async () => (await webhooks()).state() };
}

/** The settings of agents under a key that is asked for with each use. */
export function agentsUnder(key: () => Promise<string>, make: (key: string) => AgentSource): AgentSource {
  const agents = forKey(key, make);
  return { agents: async (hasTime) => (await agents()).agents(hasTime) };
}
