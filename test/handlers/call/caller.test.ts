import { expect, test } from "vitest";
import { callerOf, statedFolder } from "../../../handlers/call/caller.ts";
import { readEvent } from "../../../handlers/call/event.ts";
import { aFailure, aTranscription, metadataWith } from "../../support/fixtures/events.ts";

function caller(body: Buffer, defaultCountryCode?: string) {
  const event = readEvent(body);
  if (event.kind === "unrouted") throw new Error(event.reason);
  const { folder, memoryUserId } = callerOf(event, defaultCountryCode);
  return [folder, memoryUserId];
}
const onPhone = (external_number: unknown, data = {}) =>
  caller(aTranscription({ metadata: metadataWith({ phone_call: { external_number } }), ...data }));
const without = { phone_call: null };
const ANONYMOUS = ["anonymous", null];

test.each([
  "+16125550101",
  "16125550101",
  16125550101,
  "+1 612 555 0101",
  "+1 (612) 555-0101",
  "+1.612.555.0101",
  "001 612 555 0101",
  "sip:+16125550101@carrier.example",
  "sips:16125550101@10.0.0.1:5061;transport=tls;user=phone",
  '"Anna Bell" <sip:+16125550101@carrier.example>;tag=1',
  "<tel:+1-612-555-0101;ext=12>",
  "tel:%2B16125550101",
  "whatsapp:+16125550101",
  "+1 612 555 0101 ext. 12",
  "+1 612 555 0101 x12",
  "+1 612 555 0101,,12#",
  "\u202a+1\u00a0612\u00a0555\u20110101\u202c",
  "＋１６１２５５５０１０１",
  "+١٦١٢٥٥٥٠١٠١",
])("%j is the same person as any other spelling of the number", (number) => {
  expect(onPhone(number)).toEqual(["16125550101", "+16125550101"]);
});

test.each([
  ["44", "020 7946 0100", "442079460100"],
  ["44", "(020) 7946-0100 x12", "442079460100"],
  ["44", "sip:02079460100@carrier.example", "442079460100"],
  ["44", "2079460100", "442079460100"],
  ["44", "442079460100", "442079460100"],
  ["44", "+49 1555 0101010", "4915550101010"],
  ["44", "0049 1555 0101010", "4915550101010"],
  ["1", "612 555 0101", "16125550101"],
  ["1", "1 612 555 0101", "16125550101"],
  ["39", "06 5550 1010", "390655501010"],
  ["44", "100100", "100100"],
  ["44", "1001001", "441001001"],
  ["999", `0${"9".repeat(13)}`, `0${"9".repeat(13)}`],
])("with the country code %s, the folder of the caller %j is %s", (code, external_number, digits) => {
  const metadata = metadataWith({ phone_call: { external_number } });
  expect(caller(aTranscription({ metadata }), code)).toEqual([digits, `+${digits}`]);
});

test("a WhatsApp number has its country code already, and a short user id is no number", () => {
  const whatsapp = { whatsapp_user_id: "6591230101" };
  expect(caller(aTranscription({ metadata: metadataWith({ ...without, whatsapp }) }), "65")).toEqual([
    "6591230101",
    "+6591230101",
  ]);
  const withId = aTranscription({ user_id: "0791230101", metadata: metadataWith(without) });
  expect(caller(withId, "65")).toEqual(["user-0791230101", "0791230101"]);
});

test.each([
  ["+44 (0)20 7946 0100", "442079460100"],
  ["0044 20 7946 0100", "442079460100"],
  ["020 7946 0100", "02079460100"],
  ["1001", "1001"],
  ["1".repeat(15), "1".repeat(15)],
])("the folder of the caller %j is %s", (number, digits) => {
  expect(onPhone(number)).toEqual([digits, `+${digits}`]);
});

test.each([
  ...[
    "anonymous",
    "Anonymous",
    "Restricted",
    "No Caller ID",
    "UNKNOWN",
    "private number",
    "",
    "  ",
    "\u200e",
    "-",
    "null",
  ],
  ...["+266696687", "266696687", "1266696687", "+1 266 696 687", "7378742833", "+12562533", "8656696", "86282452253"],
  ...["7748283", "0", "000", "+0000000000", "sip:anonymous@anonymous.invalid", '"Anna" <sip:unavailable@10.0.0.1>'],
])("a caller with the withheld number %j is anonymous, also with a user id", (number) => {
  expect(onPhone(number)).toEqual(ANONYMOUS);
  expect(onPhone(number, { user_id: "anna" })).toEqual(ANONYMOUS);
});

test.each([
  "sip:x@y",
  "alice",
  "+12",
  "1".repeat(16),
  "⁺¹⁶¹²",
  "+1612CALLNOW",
  "*67 612 555 0101",
  "../../etc",
  {},
  [],
])("%j is not a telephone number, and its digits are not used", (number) => {
  expect(onPhone(number)).toEqual(ANONYMOUS);
  expect(onPhone(number, { user_id: "anna" })).toEqual(["user-anna", "anna"]);
});

test("does not use system__caller_id, which is the agent's own number on an outbound call", () => {
  const conversation_initiation_client_data = { dynamic_variables: { system__caller_id: "+12025550199" } };
  expect(caller(aTranscription({ metadata: metadataWith(without), conversation_initiation_client_data }))).toEqual(
    ANONYMOUS,
  );
});

test("reads the person from the field of the channel", () => {
  const on = (channel: object) => caller(aTranscription({ metadata: metadataWith({ ...without, ...channel }) }));
  expect(on({ whatsapp: { whatsapp_user_id: "447700900123" } })).toEqual(["447700900123", "+447700900123"]);
  expect(on({ whatsapp: { whatsapp_user_id: "US.13491208655302741918" } })).toEqual([
    expect.stringMatching(/^user-US-13491208655302741918-[0-9a-f]{8}$/),
    "US.13491208655302741918",
  ]);
  const beside = { whatsapp_user_id: "US.13491208655302741918", recipient: { phone: "+44 7700 900123" } };
  expect(on({ whatsapp: beside })).toEqual(["447700900123", "+447700900123"]);
  expect(on({ whatsapp: { ...beside, recipient: { phone: "" } } })[1]).toBe("US.13491208655302741918");
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
  for (const withheld of ["anonymous", "null", "undefined", "0", "000"]) expect(web(withheld)).toEqual(ANONYMOUS);
  expect(web("private@example.com")[1]).toBe("private@example.com");
});

test.each([
  ["+12025550101", "12025550101"],
  [" +1 (202) 555-0101 ", "12025550101"],
  ["+44 (0)20 7946 0100", "442079460100"],
  ["12025550101", "12025550101"],
  ["user-anna", "user-anna"],
  ["anonymous", "anonymous"],
  ["+123", "123"],
])("a reader states %j for the folder %s", (stated, folder) => {
  expect(statedFolder(stated)).toBe(folder);
});

test("a user id that states a number with its country code is that number, and any other digits are an id", () => {
  const web = (user_id: unknown) => caller(aTranscription({ metadata: metadataWith(without), user_id }));
  for (const number of ["+1 (612) 555-0101", "0016125550101", "16125550101", "tel:+16125550101"]) {
    expect(web(number)).toEqual(["16125550101", "+16125550101"]);
  }
  for (const id of ["1001", "991122", "5123456789", "1".repeat(16)]) expect(web(id)).toEqual([`user-${id}`, id]);
});

test("reads the dialled number of a failed attempt, for Twilio and SIP", () => {
  expect(caller(aFailure())).toEqual(["442079460100", "+442079460100"]);
  expect(caller(aFailure({ metadata: { type: "sip", body: { to_number: "+442079460101" } } }))).toEqual([
    "442079460101",
    "+442079460101",
  ]);
  expect(caller(aFailure({ metadata: {} }))).toEqual(ANONYMOUS);
});
