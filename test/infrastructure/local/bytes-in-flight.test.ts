import fc from "fast-check";
import { expect, test } from "vitest";
import { bytesInFlight } from "../../../infrastructure/local/bytes-in-flight.ts";

const CHUNK = 10;

/** A sender of `bytes`, in chunks. It stops while it is paused. */
function aSource(bytes: number) {
  const source = {
    left: bytes,
    isHeld: false,
    pause: () => {
      source.isHeld = true;
    },
    resume: () => {
      source.isHeld = false;
    },
  };
  return source;
}

test("pauses all bodies but the oldest above the limit, and resumes them below it", () => {
  const bytes = bytesInFlight(100);
  const [a, b, c] = [aSource(0), aSource(0), aSource(0)];
  const [first, second] = [bytes.begin(a), bytes.begin(b)];
  second.add(99);
  expect([a.isHeld, b.isHeld]).toEqual([false, false]);
  second.add(1);
  expect([a.isHeld, b.isHeld, second.isPaused]).toEqual([false, true, true]);
  const third = bytes.begin(c);
  expect(third.isPaused).toBe(true);
  first.add(5_000);
  first.end();
  first.end();
  expect([b.isHeld, c.isHeld]).toEqual([false, true]);
  second.end();
  expect(c.isHeld).toBe(false);
});

test("lets one body through at a time if the limit is 0", () => {
  const bytes = bytesInFlight(0);
  const [a, b] = [aSource(0), aSource(0)];
  const first = bytes.begin(a);
  bytes.begin(b);
  expect([a.isHeld, b.isHeld]).toEqual([false, true]);
  first.end();
  expect(b.isHeld).toBe(false);
});

test("in any order, every body ends, and at most the limit and one body are in flight", () => {
  const limits = fc.integer({ min: 0, max: 500 });
  const sizes = fc.array(fc.integer({ min: 0, max: 300 }), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(limits, sizes, fc.infiniteStream(fc.nat()), (limit, all, choices) => {
      const bytes = bytesInFlight(limit);
      const bodies = all.map((size) => ({ size, source: aSource(size) }));
      const open = bodies.map((body) => ({ ...body, flight: bytes.begin(body.source) }));
      let inFlight = 0;
      while (open.length > 0) {
        // A body that is not paused sends a chunk. A complete body is stored at some time.
        const able = open.filter(({ source }) => !source.isHeld || source.left === 0);
        const chosen = able[Number(choices.next().value) % able.length];
        if (!chosen) return false;
        const { source, flight, size } = chosen;
        const sent = Math.min(CHUNK, source.left);
        source.left -= sent;
        inFlight += sent;
        flight.add(sent);
        if (inFlight > limit + CHUNK + Math.max(...all)) return false;
        if (sent > 0) continue;
        flight.end();
        inFlight -= size;
        open.splice(open.indexOf(chosen), 1);
      }
      return true;
    }),
  );
});

test("few bytes in flight are low, and a wait for that ends with them or with its time", async () => {
  const MB = 1024 * 1024;
  const bytes = bytesInFlight(100 * MB);
  const flight = bytes.begin(aSource(0));
  flight.add(4 * MB);
  expect(bytes.isLow).toBe(true);
  flight.add(1);
  expect(bytes.isLow).toBe(false);
  await bytes.waitUntilLow(5);
  expect(bytes.isLow).toBe(false);
  const low = bytes.waitUntilLow(60_000);
  flight.end();
  await low;
  expect(bytes.isLow).toBe(true);
});
