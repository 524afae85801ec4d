import { describe, expect, test } from "vitest";
import { aFailure, aTranscription, metadataWith } from "../../support/fixtures/events.ts";
import { conversationOf } from "../../support/fixtures/world.ts";

/** The row of a call whose metadata has no block of a phone call. */
function webCall(metadata: Record<string, unknown>, data: Record<string, unknown> = {}) {
  return conversationOf(aTranscription({ ...data, metadata: metadataWith({ phone_call: null, ...metadata }) }));
}

describe("the channel of a call without a block for it", () => {
  test.each([
    ["twilio", "phone"],
    ["exotel", "phone"],
    ["sip_trunk", "sip"],
    ["whatsapp", "whatsapp"],
    ["twilio_sms", "sms"],
    ["widget", "web"],
    ["unknown", "web"],
    ["slack_integration", "slack"],
    ["telegram_integration", "telegram"],
    ["zendesk_integration", "zendesk"],
    ["intercom_integration", "intercom"],
    ["freshdesk_integration", "freshdesk"],
    ["salesforce_integration", "salesforce"],
    ["genesys", "genesys"],
    ["genesys_bot_connector", "genesys"],
    ["avaya", "avaya"],
    ["audiocodes", "audiocodes"],
    ["swift_sdk", "swift_sdk"],
    ["react_native_sdk", "react_native_sdk"],
    ["template_preview", "template_preview"],
    ["subagent_tool", "subagent_tool"],
    ["pigeon_integration", "pigeon"],
    ["constructor", "constructor"],
  ])("is that of its integration: %s is %s", async (source, channel) => {
    const metadata = { conversation_initiation_source: source };
    expect(await webCall(metadata)).toMatchObject({ channel, initiation_source: source });
  });

  test("is web if nothing names an integration", async () => {
    for (const source of [undefined, null, "", " ", {}, []]) {
      const metadata = { conversation_initiation_source: source, async_metadata: source };
      expect(await webCall(metadata)).toMatchObject({ channel: "web", initiation_source: null });
    }
  });

  test("is that of the integration in the data of the initiation, if the metadata names none", async () => {
    const initiation = { conversation_initiation_client_data: { source_info: { source: "swift_sdk" } } };
    expect(await webCall({}, initiation)).toMatchObject({ channel: "swift_sdk", initiation_source: "swift_sdk" });
    const metadata = { conversation_initiation_source: "widget" };
    expect(await webCall(metadata, initiation)).toMatchObject({ channel: "web", initiation_source: "widget" });
  });

  test("is the external system of an asynchronous conversation, if no integration is named", async () => {
    const async_metadata = { external_system: "Slack", external_id: "C0/17" };
    expect(await webCall({ async_metadata })).toMatchObject({ channel: "slack", initiation_source: null });
    const metadata = { async_metadata, conversation_initiation_source: "unknown" };
    expect(await webCall(metadata)).toMatchObject({ channel: "slack", initiation_source: "unknown" });
  });
});

test("a block in the metadata decides the channel, whatever integration began the call", async () => {
  const metadata = metadataWith({ conversation_initiation_source: "genesys" });
  expect(await conversationOf(aTranscription({ metadata }))).toMatchObject({
    channel: "phone",
    initiation_source: "genesys",
  });
});

test("an SMS that the agent sent is outbound, from the agent's number", async () => {
  const sms = { direction: "outbound", sms_user_phone_number: "+15550400011", agent_phone_number: "+15557770001" };
  expect(await webCall({ sms })).toMatchObject({
    channel: "sms",
    direction: "outbound",
    agent_number: "+15557770001",
    caller: "15550400011",
  });
});

test("the id of a WhatsApp number is not the agent's number", async () => {
  const whatsapp = { direction: "outbound", whatsapp_phone_number_id: "106540", whatsapp_user_id: "491555040001" };
  expect(await webCall({ whatsapp })).toMatchObject({
    channel: "whatsapp",
    direction: "outbound",
    agent_number: null,
  });
});

test("a failed attempt has the integration of its carrier, and the batch and environment that it states", async () => {
  expect(await conversationOf(aFailure())).toMatchObject({ channel: "phone", initiation_source: "twilio" });
  const batch_call = { batch_call_id: "b1", batch_call_recipient_id: "r1", campaign: { campaign_id: "c1" } };
  const body = { to_number: "+15550400012", call_result: "busy" };
  const sip = aFailure({ agent_name: "Desk", environment: "staging", metadata: { type: "sip", body, batch_call } });
  expect(await conversationOf(sip)).toMatchObject({
    channel: "sip",
    initiation_source: "sip_trunk",
    agent_name: "Desk",
    environment: "staging",
    batch_call_id: "b1",
    batch_recipient_id: "r1",
    campaign_id: "c1",
    call_result: "busy",
  });
  for (const type of ["carrier_pigeon", "constructor", null, 7]) {
    const row = await conversationOf(aFailure({ metadata: { type, body } }));
    expect(row).toMatchObject({ channel: "phone", initiation_source: null });
  }
});
