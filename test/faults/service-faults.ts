import type { Random } from "../../infrastructure/samples/random.ts";
import type { Fault, FaultyServer } from "../support/servers/faulty-server.ts";
import type { Faults } from "./faults.ts";

const QUICK: readonly Fault[] = [
  { does: "answer", status: 500 },
  { does: "answer", status: 503, headers: { "retry-after": "2" } },
  { does: "answer", status: 429, headers: { "retry-after": "1" } },
  { does: "answer", status: 401 },
  { does: "cut" },
  { does: "work, then cut" },
  { does: "cut body", afterBytes: 5 },
];

/** Half as often as any other: what hangs takes real time. */
const FAULTS: readonly Fault[] = [...QUICK, ...QUICK, { does: "hang" }];

/** More often than any client of ours asks again. */
const OFTEN = 5;

/**
 * Sees to it that a service fails at requests like these now and then. Call what it answers before each use of the
 * service.
 */
export function serviceFaults(
  name: string,
  server: FaultyServer,
  on: readonly RegExp[],
  faults: Faults,
  random: Random,
) {
  const plannedAt = new Map<RegExp, number>();

  function isStillToCome(request: RegExp): boolean {
    const from = plannedAt.get(request);
    if (from === undefined) return false;
    return !server.requests.slice(from).some(({ method, path }) => request.test(`${method} ${path}`));
  }

  return () => {
    for (const request of on) {
      if (isStillToCome(request) || !faults.strike()) continue;
      const fault = random.pick(FAULTS);
      const times = fault.does !== "hang" && random.chance(0.25) ? OFTEN : 1;
      server.fail(fault, { on: request, times });
      plannedAt.set(request, server.requests.length);
      faults.count(name, fault.does === "answer" ? `answers ${fault.status}` : fault.does);
    }
  };
}
