import { expect, test } from "vitest";
import { at, entries, list, number } from "../../../handlers/call/json.ts";
import { ANSWERED, SHOWCASE, shown, toolCallsOf, toolResultsOf, turnsOf, WEEK } from "./sample-week.ts";

const data = (words: string) => at(shown(words), "data");
const SHOWN = ANSWERED.slice(0, SHOWCASE.filter(({ bodies }) => bodies.transcription).length);

test("calls come by every channel", () => {
  expect(new Set(SHOWCASE.map(({ channel }) => channel))).toEqual(new Set(["phone", "sip", "web", "whatsapp", "sms"]));
});

test("system__caller_id of an outbound call is the company's number", () => {
  const outbound = data("outbound phone");
  const variables = at(outbound, "conversation_initiation_client_data", "dynamic_variables");
  const { agent_number, external_number } = Object(at(outbound, "metadata", "phone_call"));
  expect(at(variables, "system__caller_id")).toBe(agent_number);
  expect(at(variables, "system__called_number")).toBe(external_number);
  expect(at(outbound, "metadata", "phone_call", "direction")).toBe("outbound");
});

test("a SIP number is not always in E.164 format", () => {
  expect(at(data("oddly written"), "metadata", "phone_call", "external_number")).not.toMatch(/^\+\d+$/);
});

test("phone_call of a web call is null", () => {
  for (const words of ["web, signed in", "web, anonymous"]) {
    expect(at(data(words), "metadata", "phone_call")).toBeNull();
  }
  expect(at(data("web, signed in"), "user_id")).toMatch(/^cust_/);
  expect(at(data("web, anonymous"), "user_id")).toBeNull();
});

test("the folders of callers are digits, a user, or anonymous", () => {
  const folders = SHOWCASE.map(({ caller }) => caller.replace(/\d+/g, "#"));
  expect(new Set(folders)).toEqual(new Set(["#", "user-cust_#", "anonymous"]));
});

test("one person calls three times about the same order", () => {
  const calls = SHOWCASE.filter(({ caller }) => caller === SHOWCASE[0]?.caller);
  expect(calls).toHaveLength(3);
  for (const { bodies } of calls.slice(0, 2)) expect(bodies.transcription).toContain("LS-48213");
});

test("some tools succeed, and some fail with an error type", () => {
  const results = SHOWN.flatMap(({ data }) => toolResultsOf(data));
  expect(results.filter((result) => at(result, "is_error") === false).length).toBeGreaterThan(10);
  const errors = results.filter((result) => at(result, "is_error") === true);
  expect(errors.map((result) => at(result, "error_type"))).toEqual(["timeout", "http_error"]);
});

test("calls are transferred to a person and to another agent", () => {
  const used = SHOWN.flatMap(({ data }) => toolCallsOf(data)).map((call) => at(call, "tool_name"));
  expect(used).toContain("transfer_to_number");
  const agents = turnsOf(data("another agent")).map((turn) => at(turn, "agent_metadata", "agent_id"));
  expect(new Set(agents.filter((id) => id !== undefined)).size).toBe(2);
});

test("data points have every type, and some are null", () => {
  const points = SHOWN.flatMap(({ data }) => entries(at(data, "analysis", "data_collection_results")));
  const types = points.map(([, point]) => typeof at(point, "value"));
  expect(new Set(types)).toEqual(new Set(["string", "number", "boolean", "object"]));
  const requested = points.map(([, point]) => at(point, "json_schema", "type"));
  expect(new Set(requested)).toEqual(new Set(["string", "number", "integer", "boolean"]));
});

test("evaluations are success, failure and unknown", () => {
  const evaluations = SHOWN.flatMap(({ data }) => entries(at(data, "analysis", "evaluation_criteria_results")));
  const results = evaluations.map(([, evaluation]) => at(evaluation, "result"));
  expect(new Set(results)).toEqual(new Set(["success", "failure", "unknown"]));
});

test("calls are in three languages, with accents and emoji", () => {
  expect(new Set(SHOWN.map(({ data }) => at(data, "metadata", "main_language")))).toEqual(new Set(["en", "es", "de"]));
  const bodies = SHOWCASE.map(({ bodies }) => bodies.transcription).join();
  for (const escaped of ["\\u00f1", "\\u00fc", "\\ud83d\\udeb2"]) expect(bodies).toContain(escaped);
});

test("one call has more than 150 entries and lasts more than three minutes", () => {
  const long = data("long:");
  expect(turnsOf(long).length).toBeGreaterThan(150);
  expect(number(at(long, "metadata", "call_duration_secs"))).toBeGreaterThan(180);
});

test("one call has no transcript and no analysis, but an error", () => {
  const broken = data("the line broke");
  expect(at(broken, "transcript")).toEqual([]);
  expect(at(broken, "analysis")).toBeNull();
  expect(at(broken, "status")).toBe("failed");
  expect(at(broken, "metadata", "error", "code")).toBe(1011);
});

test("attempts fail with both carriers", () => {
  const carriers = SHOWCASE.flatMap(({ bodies }) => (bodies.failure ? [JSON.parse(bodies.failure)] : []));
  expect(carriers.map((failure) => at(failure, "data", "metadata", "type"))).toEqual(["twilio", "sip"]);
});

test("recordings are embedded, delivered or missing; bodies are with and without event_timestamp", () => {
  const ways = SHOWCASE.map(({ bodies, mp3 }) => (bodies.audio ? "delivered" : mp3 ? "embedded" : "none"));
  expect(new Set(ways)).toEqual(new Set(["delivered", "embedded", "none"]));
  const envelopes = SHOWN.map(({ call }) => JSON.parse(call.bodies.transcription ?? ""));
  const shapes = envelopes.map((body) => ["event_timestamp" in body, "has_audio" in body.data].join());
  expect(new Set(shapes)).toEqual(new Set(["true,true", "false,false"]));
});

test("many calls contain the word refund, and a few reembolso", () => {
  const said = (phrase: string) =>
    SHOWN.filter(({ data }) => turnsOf(data).some((turn) => String(at(turn, "message")).includes(phrase)));
  expect(said("refund").length).toBeGreaterThanOrEqual(5);
  expect(said("reembolso").length).toBeGreaterThanOrEqual(2);
});

test("ordinary days have the same kinds of calls; most are short, and some people call again", () => {
  const ordinary = ANSWERED.slice(SHOWN.length);
  const lengths = ordinary.map(({ data }) => turnsOf(data).length).toSorted((one, other) => one - other);
  expect(lengths[Math.floor(lengths.length / 2)]).toBeLessThan(9);
  const callers = WEEK.map(({ caller }) => caller).filter((caller) => caller !== "anonymous");
  expect(new Set(callers).size).toBeLessThan(callers.length);
  const withFailure = WEEK.filter(({ bodies }) => bodies.failure);
  expect(withFailure.length).toBeGreaterThan(list(SHOWCASE).filter((call) => at(call, "bodies", "failure")).length);
});
