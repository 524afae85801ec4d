import { Readable } from "node:stream";
import { ServiceUnavailable } from "./service-errors.ts";

/**
 * `body` as a Node stream that fails when its bytes stop coming: after `stallMs` without one, and when cut.
 *
 * The time that the reader takes does not count. A body shorter than its Content-Length is cut already where
 * it comes from, in `fetch`. Destroying the stream gives the connection up.
 */
export function unstalled(body: ReadableStream<Uint8Array>, stallMs: number, subject: string): Readable {
  const reader = body.getReader();
  return new Readable({
    async read() {
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
