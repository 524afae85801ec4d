/** Where a body comes from. It can be held up: then the sender's system waits. */
interface Source {
  pause(): unknown;
  resume(): unknown;
}

/** One body, from its first byte until it is stored or dropped. */
export interface Flight {
  /** Counts bytes of it that have come. */
  add(bytes: number): void;
  /** Whether its source is held up now. */
  readonly isPaused: boolean;
  /** Says that it is stored or dropped. Saying it again changes nothing. */
  end(): void;
}

/** The bytes of all bodies that have come and are not stored. */
export interface BytesInFlight {
  begin(source: Source): Flight;
  /** Resolves when little of what is allowed is in flight: then there is memory for other work. */
  waitUntilLow(): Promise<void>;
}

/** It is calm when no more than this part of the limit is in flight: small bodies, but no large one. */
const LOW_FRACTION = 64;

interface Counted {
  readonly source: Source;
  bytes: number;
  isPaused: boolean;
}

/**
 * Holds up bodies while there are `limit` bytes in flight, so that there are never more than that and one body.
 *
 * The oldest body is never held up. It ends, since its sender sends or is cut off, and then the next one is the oldest:
 * bodies that wait for each other, each with a part of what is allowed, cannot be.
 */
export function bytesInFlight(limit: number): BytesInFlight {
  // In the order in which they began.
  const flights = new Set<Counted>();
  let total = 0;
  const waiting: (() => void)[] = [];
  const isLow = () => total <= limit / LOW_FRACTION;

  function pauseOrResume(): void {
    const [oldest] = flights;
    for (const flight of flights) {
      const isPaused = total >= limit && flight !== oldest;
      if (isPaused === flight.isPaused) continue;
      flight.isPaused = isPaused;
      if (isPaused) flight.source.pause();
      else flight.source.resume();
    }
  }

  return {
    begin(source) {
      const flight = { source, bytes: 0, isPaused: false };
      flights.add(flight);
      pauseOrResume();
      return {
        add(bytes) {
          const wasFull = total >= limit;
          flight.bytes += bytes;
          total += bytes;
          if (!wasFull) pauseOrResume();
        },
        get isPaused() {
          return flight.isPaused;
        },
        end() {
          if (!flights.delete(flight)) return;
          total -= flight.bytes;
          pauseOrResume();
          if (isLow()) for (const resolve of waiting.splice(0)) resolve();
        },
      };
    },
    waitUntilLow: () => (isLow() ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
  };
}
