import { DisableRuleCommand, EnableRuleCommand, EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { awsRetryPolicy } from "./aws-retry-policy.ts";
import type { RuleSwitch } from "./rule-switch.ts";

/** The switch of the EventBridge rule with this name, in this account and region. */
export function ruleSwitch(Name: string): RuleSwitch {
  const client = new EventBridgeClient(
    awsRetryPolicy({ maxAttempts: 3, connectionTimeout: 2_000, requestTimeout: 5_000 }),
  );
  return {
    name: Name,
    async enable() {
      await client.send(new EnableRuleCommand({ Name }));
    },
    async disable() {
      await client.send(new DisableRuleCommand({ Name }));
    },
  };
}
