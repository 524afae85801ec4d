import { perCredential } from "../credentials/per-credential.ts";
import type { ConversationSource } from "./conversation-source.ts";
import type { RecordingSource } from "./recording-source.ts";
import type { AgentSource, WebhookSource } from "./webhook-source.ts";

/** Recordings, with the key read at each use. */
export function recordingsPerKey(key: () => Promise<string>, make: (key: string) => RecordingSource): RecordingSource {
  const recordings = perCredential(key, make);
  return { recording: async (conversationId) => (await recordings()).recording(conversationId) };
}

/** Conversations, with the key read at each use. */
export function conversationsPerKey(
  key: () => Promise<string>,
  make: (key: string) => ConversationSource,
): ConversationSource {
  const conversations = perCredential(key, make);
  return {
    async *list(window) {
      yield* (await conversations()).list(window);
    },
    conversation: async (conversationId) => (await conversations()).conversation(conversationId),
  };
}

/** The settings of webhooks, with the key read at each use. */
export function webhooksPerKey(key: () => Promise<string>, make: (key: string) => WebhookSource): WebhookSource {
  const webhooks = perCredential(key, make);
  return { state: async () => (await webhooks()).state() };
}

/** The settings of agents, with the key read at each use. */
export function agentsPerKey(key: () => Promise<string>, make: (key: string) => AgentSource): AgentSource {
  const agents = perCredential(key, make);
  return { agents: async (hasTime) => (await agents()).agents(hasTime) };
}
