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
  /** Whether few bytes are in flight, so that there is memory for other work. */
  readonly isLow: boolean;
  /** Resolves when few bytes are in flight, or after `ms` milliseconds. */
  waitUntilLow(ms: number): Promise<void>;
}

/** At most this counts as few bytes: small bodies may be in flight, but no large one. */
const LOW_BYTES = 4 * 1024 * 1024;

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
  const isLow = () => total <= LOW_BYTES;

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
    get isLow() {
      return isLow();
    },
    async waitUntilLow(ms) {
      if (isLow() || ms <= 0) return;
      const low = Promise.withResolvers<void>();
      waiting.push(low.resolve);
      const timer = setTimeout(low.resolve, ms);
      await low.promise;
      clearTimeout(timer);
    },
  };
}
