import { expect, test } from "vitest";
import { callerOf } from "../../../handlers/call/caller.ts";
import { readEvent } from "../../../handlers/call/event.ts";
import { aFailure, aTranscription, metadataWith } from "../../support/fixtures/events.ts";

function caller(body: Buffer) {
  const event = readEvent(body);
  if (event.kind === "unrouted") throw new Error(event.reason);
  const { folder, memoryUserId } = callerOf(event);
  return [folder, memoryUserId];
}
const onPhone = (external_number: unknown, data = {}) =>
  caller(aTranscription({ metadata: metadataWith({ phone_call: { external_number } }), ...data }));
const without = { phone_call: null };
const ANONYMOUS = ["anonymous", null];

test.each([
  ["+16125550101", "16125550101", "+16125550101"],
  ["+1 612 555 0101", "16125550101", "+16125550101"],
  ["+1 (612) 555-0101", "16125550101", "+1(612)555-0101"],
  ["16125550101", "16125550101", "16125550101"],
  [16125550101, "16125550101", "16125550101"],
  ["0044 20 7946 0100", "00442079460100", "00442079460100"],
  ["sip:+16125550101@carrier.example", "16125550101", "sip:+16125550101@carrier.example"],
  ["1001", "1001", "1001"],
])("the folder of a caller is the digits of the number %j", (number, folder, memoryUserId) => {
  expect(onPhone(number)).toEqual([folder, memoryUserId]);
});

test.each([
  "anonymous",
  "Anonymous",
  "Restricted",
  "",
  "  ",
  "+266696687",
  "266696687",
  "sip:anonymous@anonymous.invalid",
])("a caller with the withheld number %j is anonymous, also with a user id", (number) => {
  expect(onPhone(number)).toEqual(ANONYMOUS);
  expect(onPhone(number, { user_id: "anna" })).toEqual(ANONYMOUS);
});

test.each(["sip:x@y", "alice", "+12", "1".repeat(21), "⁺¹⁶¹²", "../../etc", {}, []])(
  "%j is not a telephone number, and its digits are not used",
  (number) => {
    expect(onPhone(number)).toEqual(ANONYMOUS);
    expect(onPhone(number, { user_id: "anna" })).toEqual(["user-anna", "anna"]);
  },
);

test("does not use system__caller_id, which is the agent's own number on an outbound call", () => {
  const conversation_initiation_client_data = { dynamic_variables: { system__caller_id: "+12025550199" } };
  expect(caller(aTranscription({ metadata: metadataWith(without), conversation_initiation_client_data }))).toEqual(
    ANONYMOUS,
  );
});

test("reads the person from the field of the channel", () => {
  const on = (channel: object) => caller(aTranscription({ metadata: metadataWith({ ...without, ...channel }) }));
  expect(on({ whatsapp: { whatsapp_user_id: "447700900123" } })).toEqual(["447700900123", "447700900123"]);
  expect(on({ whatsapp: { whatsapp_user_id: "US.13491208655302741918" } })).toEqual([
    expect.stringMatching(/^user-US-13491208655302741918-[0-9a-f]{8}$/),
    "US.13491208655302741918",
  ]);
  expect(on({ sms: { sms_user_phone_number: "+447700900123" } })).toEqual(["447700900123", "+447700900123"]);
  expect(on({})).toEqual(ANONYMOUS);
});

test("the folder of a person without a number is the slug of the user id", () => {
  const web = (user_id: unknown) => caller(aTranscription({ metadata: metadataWith(without), user_id }));
  expect(web("anna_7")).toEqual(["user-anna_7", "anna_7"]);
  expect(web(7)).toEqual(["user-7", "7"]);
  expect(web("anna@example.com")).toEqual([
    expect.stringMatching(/^user-anna-example-com-[0-9a-f]{8}$/),
    "anna@example.com",
  ]);
  expect(web("x".repeat(128))[0]).toMatch(/^user-x+-[0-9a-f]{8}$/);
  expect(web("x".repeat(128))[0]).toHaveLength(128);
  expect(web("  ")).toEqual(ANONYMOUS);
  expect(web("anonymous")).toEqual(ANONYMOUS);
});

test("reads the dialled number of a failed attempt, for Twilio and SIP", () => {
  expect(caller(aFailure())).toEqual(["442079460100", "+442079460100"]);
  expect(caller(aFailure({ metadata: { type: "sip", body: { to_number: "+442079460101" } } }))).toEqual([
    "442079460101",
    "+442079460101",
  ]);
  expect(caller(aFailure({ metadata: {} }))).toEqual(ANONYMOUS);
});
