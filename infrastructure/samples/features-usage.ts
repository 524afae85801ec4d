import type { Json } from "./python-json.ts";
import type { Scenario } from "./scenario.ts";

const UNUSED = { enabled: false, used: false };

/** `metadata.features_usage`: which of ElevenLabs' features were enabled for the call, and which it used. */
export function featuresUsage({ steps }: Scenario, isSip: boolean): Json {
  const used = new Set(steps.flatMap((step) => (step.kind === "tool" ? [step.name] : [])));
  const feature = (name: string): Json => ({ enabled: true, used: used.has(name) });
  return {
    language_detection: feature("language_detection"),
    transfer_to_agent: feature("transfer_to_agent"),
    transfer_to_number: feature("transfer_to_number"),
    multivoice: UNUSED,
    dtmf_tones: UNUSED,
    external_mcp_servers: UNUSED,
    pii_zrm_workspace: false,
    pii_zrm_agent: false,
    tool_dynamic_variable_updates: UNUSED,
    is_livekit: isSip,
    voicemail_detection: UNUSED,
    workflow: {
      enabled: false,
      tool_node: UNUSED,
      standalone_agent_node: UNUSED,
      phone_number_node: UNUSED,
      end_node: UNUSED,
    },
    agent_testing: { enabled: false, tests_ran_after_last_modification: false, tests_ran_in_last_7_days: false },
  };
}
