import { expect, test } from "vitest";
import { signature, verifySignature } from "../../../handlers/receive/signature.ts";

const NOW = new Date("2026-11-20T10:00:00Z");
const BODY = Buffer.from('{"type": "post_call_transcription"}');
const SECRETS = ["wsec_new", "wsec_old"];
const TOLERANCE = 1800;

const check = (header: string | string[] | undefined, body = BODY, secrets = SECRETS) =>
  verifySignature(header, body, secrets, NOW, TOLERANCE);
const signedAt = (secondsAgo: number, secret = "wsec_new") =>
  signature(BODY, secret, new Date(NOW.getTime() - secondsAgo * 1000));
const refused = (reason: string) => ({ outcome: "refused", reason });
const WRONG_HASH = `v0=${"0".repeat(64)}`;

test("accepts a signature from another implementation", () => {
  // python3 -c 'import hmac; print(hmac.new(b"secret", b"1700000000.{\"a\": 1}", "sha256").hexdigest())'
  const hash = "942c6f7e34ef5c448cbbbf79276da392036d59f0bd9fb74ba14eb8e83e2bb6cd";
  const at = new Date(1_700_000_000_000);
  expect(verifySignature(`t=1700000000,v0=${hash}`, Buffer.from('{"a": 1}'), ["secret"], at, 1)).toEqual({
    outcome: "genuine",
  });
});

test("accepts any of several secrets", () => {
  expect(check(signedAt(0, "wsec_new"))).toEqual({ outcome: "genuine" });
  expect(check(signedAt(0, "wsec_old"))).toEqual({ outcome: "genuine" });
  expect(check(signedAt(0, "wsec_other"))).toEqual(refused("wrong signature"));
});

test("accepts any v0 of several, in any order, with white space, in either case", () => {
  const [time, hash] = signedAt(0).split(",") as [string, string];
  expect(check(`${time},${WRONG_HASH},${hash}`)).toEqual({ outcome: "genuine" });
  expect(check(`${hash} , ${WRONG_HASH}, ${time}`)).toEqual({ outcome: "genuine" });
  expect(check(`  ${time} ,  v0=${hash.slice(3).toUpperCase()}  `)).toEqual({ outcome: "genuine" });
  expect(check(`${time},v1=new-scheme,${hash},v0=not-hex`)).toEqual({ outcome: "genuine" });
});

test("accepts a header that was sent twice if one of the two is genuine", () => {
  expect(check([signedAt(0), signedAt(0)])).toEqual({ outcome: "genuine" });
  expect(check([signedAt(9, "wsec_other"), signedAt(0)])).toEqual({ outcome: "genuine" });
  expect(check([signedAt(9, "wsec_other"), signedAt(8, "wsec_other")])).toEqual(refused("wrong signature"));
});

test("refuses a header with more than four times", () => {
  expect(check([1, 2, 3, 0].map((ago) => signedAt(ago)))).toEqual({ outcome: "genuine" });
  expect(check([1, 2, 3, 4, 0].map((ago) => signedAt(ago)))).toEqual(refused("malformed signature"));
});

test("a genuine signature is stale beyond the tolerance, before and after now", () => {
  expect(check(signedAt(TOLERANCE))).toEqual({ outcome: "genuine" });
  expect(check(signedAt(TOLERANCE + 1))).toEqual({ outcome: "stale" });
  expect(check(signedAt(-TOLERANCE))).toEqual({ outcome: "genuine" });
  expect(check(signedAt(-TOLERANCE - 1))).toEqual({ outcome: "stale" });
  expect(check(signedAt(10 * 365 * 86_400))).toEqual({ outcome: "stale" });
});

test("refuses a signature of another body, of another time, or cut short", () => {
  const genuine = signedAt(0);
  expect(check(genuine, Buffer.from(`${BODY} `))).toEqual(refused("wrong signature"));
  expect(check(genuine, Buffer.alloc(0))).toEqual(refused("wrong signature"));
  expect(check(genuine.replace(/t=(\d+)/, (_, time) => `t=${Number(time) + 1}`))).toEqual(refused("wrong signature"));
  expect(check(genuine.replace(/t=/, "t=0"))).toEqual(refused("wrong signature"));
  expect(check(genuine.slice(0, -1))).toEqual(refused("malformed signature"));
});

test.each([undefined, "", "   ", []])("refuses a missing header: %j", (header) => {
  expect(check(header)).toEqual(refused("missing signature"));
});

test.each([
  "nonsense",
  "t=1763632800",
  WRONG_HASH,
  `t=,${WRONG_HASH}`,
  `t=now,${WRONG_HASH}`,
  `t=1e9,${WRONG_HASH}`,
  `t=-1,${WRONG_HASH}`,
  `t=1763632800.5,${WRONG_HASH}`,
  `t=${"1".repeat(5000)},${WRONG_HASH}`,
  `t=NaN,${WRONG_HASH}`,
  "t=1763632800,v0=",
  "t=1763632800,v0=xyz",
  `t=1763632800;${WRONG_HASH}`,
])("refuses a malformed header: %s", (header) => {
  expect(check(header)).toEqual(refused("malformed signature"));
});

test("refuses every signature if there is no secret or an empty one", () => {
  expect(check(signedAt(0), BODY, [])).toEqual(refused("wrong signature"));
  expect(check(signedAt(0, ""), BODY, [""])).toEqual(refused("wrong signature"));
});
