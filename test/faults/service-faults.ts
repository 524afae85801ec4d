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

/** `hang` is half as frequent as each other fault, because it takes real time. */
const FAULTS: readonly Fault[] = [...QUICK, ...QUICK, { does: "hang" }];

/** More often than any of our clients retries. */
const OFTEN = 5;

/**
 * Makes a service fail at some of the requests that match `on`. Call the returned function before each use of the
 * service: it plans the faults.
 */
export function serviceFaults(
  name: string,
  server: FaultyServer,
  on: readonly RegExp[],
  faults: Faults,
  random: Random,
) {
  const plannedAt = new Map<RegExp, number>();

  function isPlanned(request: RegExp): boolean {
    const from = plannedAt.get(request);
    if (from === undefined) return false;
    return !server.requests.slice(from).some(({ method, path }) => request.test(`${method} ${path}`));
  }

  return () => {
    for (const request of on) {
      if (isPlanned(request) || !faults.strike()) continue;
      const fault = random.pick(FAULTS);
      const times = fault.does !== "hang" && random.chance(0.25) ? OFTEN : 1;
      server.fail(fault, { on: request, times });
      plannedAt.set(request, server.requests.length);
      faults.count(name, fault.does === "answer" ? `answers ${fault.status}` : fault.does);
    }
  };
}
