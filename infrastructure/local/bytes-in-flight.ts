/** The source of a body. While it is paused, the sender waits. */
interface Source {
  pause(): unknown;
  resume(): unknown;
}

/** One body, from its first byte until it is stored or dropped. */
export interface Flight {
  /** Counts bytes that have arrived. */
  add(bytes: number): void;
  /** Whether its source is paused now. */
  readonly isPaused: boolean;
  /** Ends the flight when the body is stored or dropped. Idempotent. */
  end(): void;
}

/** The bytes of all bodies that have arrived and are not stored yet. */
export interface BytesInFlight {
  begin(source: Source): Flight;
  /** Resolves when only a small part of the limit is in flight, so that there is memory for other work. */
  waitUntilLow(): Promise<void>;
}

/** The part of the limit below which `waitUntilLow` resolves: small bodies may be in flight, but no large one. */
const LOW_FRACTION = 64;

interface Counted {
  readonly source: Source;
  bytes: number;
  isPaused: boolean;
}

/**
 * Pauses bodies while `limit` bytes are in flight. So at most the limit and one more body are in flight.
 *
 * The oldest body is never paused, so bodies cannot wait for each other forever. It always ends, because a sender that
 * stalls is disconnected. Then the next body is the oldest.
 */
export function bytesInFlight(limit: number): BytesInFlight {
  // In the order of their first bytes.
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
