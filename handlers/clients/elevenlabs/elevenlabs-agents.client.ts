import { pMapIterable } from "p-map";
import { at, boolean, isObject, words } from "../../call/json.ts";
import { readJson } from "../http/json-response.ts";
import { refusalOf, ServiceRefused, whileTryingTo } from "../http/service-errors.ts";
import { type ElevenLabsApi, type ElevenLabsOptions, elevenLabsApi } from "./elevenlabs-api.client.ts";
import { entriesOf } from "./elevenlabs-pages.ts";
import { postCallSettings } from "./post-call-settings.ts";
import type { AgentSettings, AgentSource } from "./webhook-source.ts";

const PATH = "/v1/convai/agents";

/** How many agents are read at once: ElevenLabs answers 429 to many more. */
const AT_ONCE = 8;

/** How many agents are read at most: each takes a request, and ElevenLabs limits requests by the minute. */
const MAX_AGENTS = 500;

/**
 * The post-call settings of agents from ElevenLabs' REST API: `GET /v1/convai/agents`, and of each agent
 * `platform_settings.workspace_overrides.webhooks` and `platform_settings.privacy.zero_retention_mode` (its Python SDK
 * of 2026-07-23, `AgentWorkspaceOverrides`, `ConvAIWebhooks` and `PrivacyConfig`). The list itself has no settings.
 *
 * Its errors are `ServiceRefused` and `ServiceUnavailable`.
 *
 * @throws Error if the key is malformed.
 */
export function elevenLabsAgents(options: ElevenLabsOptions): AgentSource {
  const api = elevenLabsApi(options);
  return {
    async agents(hasTime = () => true) {
      let [listed, refused, isAll] = [0, 0, true];
      const agents: AgentSettings[] = [];
      async function* ids(): AsyncGenerator<string> {
        for await (const entry of entriesOf(api, { task: "list agents", path: PATH, member: "agents" })) {
          const id = words(at(entry, "agent_id"));
          if (id === null) continue;
          isAll = listed < MAX_AGENTS && hasTime();
          if (!isAll) return;
          listed += 1;
          yield id;
        }
      }
      for await (const agent of pMapIterable(ids(), (id) => agentOf(id, api), { concurrency: AT_ONCE })) {
        if (agent instanceof ServiceRefused) refused += 1;
        else if (agent) agents.push(agent);
      }
      return { agents, refused, isAll };
    },
  };
}

/** The settings of one agent; `undefined` if it was deleted after it was listed. */
async function agentOf(id: string, api: ElevenLabsApi): Promise<AgentSettings | ServiceRefused | undefined> {
  const request = () =>
    api(`${PATH}/${encodeURIComponent(id)}`, async (answer) => settingsOf(id, await readJson(answer)));
  return refusalOf(() => whileTryingTo(`read agent ${id}`, request));
}

function settingsOf(id: string, agent: unknown): AgentSettings {
  const settings = at(agent, "platform_settings");
  const own = at(settings, "workspace_overrides", "webhooks");
  return {
    id,
    name: words(at(agent, "name")),
    own: isObject(own) ? postCallSettings(own) : null,
    isZeroRetention: boolean(at(settings, "privacy", "zero_retention_mode")) === true,
  };
}
