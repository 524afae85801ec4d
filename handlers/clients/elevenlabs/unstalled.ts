import { Readable } from "node:stream";
import { ServiceUnavailable } from "../http/service-errors.ts";

/** A body of which the first bytes have come. */
export interface BegunStream {
  readonly first: Uint8Array;
  /** Gives the rest. */
  readonly reader: Pick<ReadableStreamDefaultReader<Uint8Array>, "read" | "cancel">;
}

/**
 * A body as a Node stream that fails when its bytes stop coming: after `stallMs` without one, and when cut.
 *
 * The time that the reader takes does not count. A body shorter than its Content-Length is cut already where
 * it comes from, in `fetch`. Destroying the stream gives the connection up.
 */
export function withStallTimeout({ first, reader }: BegunStream, stallMs: number, subject: string): Readable {
  // Pushed when it is asked for: a stream that reads ahead of its reader may fail before anything listens.
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
