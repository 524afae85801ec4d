import { Readable } from "node:stream";
import { ServiceUnavailable } from "../http/service-errors.ts";

/** A body whose first bytes have arrived. */
export interface BegunStream {
  readonly first: Uint8Array;
  /** Reads the rest. */
  readonly reader: Pick<ReadableStreamDefaultReader<Uint8Array>, "read" | "cancel">;
}

/**
 * Returns a body as a Node stream that fails when the connection is cut, or when no byte arrives for `stallMs`.
 *
 * The time that the reader takes does not count. `fetch` itself cuts a body that is shorter than its Content-Length.
 * Destroying the stream closes the connection.
 */
export function withStallTimeout({ first, reader }: BegunStream, stallMs: number, subject: string): Readable {
  // Pushed on the first read: a stream that reads ahead may fail before a listener is attached.
  let begun: Uint8Array | undefined = first;
  return new Readable({
    async read() {
      if (begun) {
        this.push(begun);
        begun = undefined;
        return;
      }
      const stalled = () => this.destroy(new ServiceUnavailable(`${subject} stalled for ${stallMs / 1000} s`));
      const timer = setTimeout(stalled, stallMs);
      try {
        const { done, value } = await reader.read();
        if (!this.destroyed) this.push(done ? null : value);
      } catch (error) {
        this.destroy(new ServiceUnavailable(`${subject} was cut before its end`, { cause: error }));
      } finally {
        clearTimeout(timer);
      }
    },
    destroy(error, done) {
      reader.cancel().then(
        () => done(error),
        () => done(error),
      );
    },
  });
}
