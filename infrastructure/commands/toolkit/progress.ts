/** A progress line on standard error for work that takes longer than a second. */
export interface Progress {
  /** Counts one more item as done. */
  advance(): void;
  end(): void;
}

const EVERY_MS = 1_000;

/** Shows the progress of `what` on `output`, of `total` if that is known: in place on a terminal, else line by line. */
export function progress(
  output: NodeJS.WritableStream & { readonly isTTY?: boolean },
  what: string,
  total?: number,
): Progress {
  const { isTTY } = output;
  let done = 0;
  let shown = false;
  let next = Date.now() + EVERY_MS;

  return {
    advance() {
      done += 1;
      if (Date.now() < next) return;
      next = Date.now() + EVERY_MS;
      shown = true;
      const text = `${what}: ${done}${total === undefined ? "" : ` of ${total}`}`;
      output.write(isTTY ? `\r\u001b[K${text}` : `${text}\n`);
    },
    end() {
      if (shown && isTTY) output.write("\r\u001b[K");
    },
  };
}
