import { createInterface } from "node:readline";

/** Whether there is somebody at a terminal who can be asked. */
export function canAsk(): boolean {
  return process.stdin.isTTY && process.stderr.isTTY;
}

/** Asks `question`, and answers whether the answer was yes. The end of the input, and Ctrl-C, mean no. */
export function confirm(
  question: string,
  input: NodeJS.ReadableStream = process.stdin,
  output: NodeJS.WritableStream = process.stderr,
): Promise<boolean> {
  const asking = createInterface({ input, output });
  return new Promise<string>((answered) => {
    asking.once("close", () => answered(""));
    asking.question(`${question} [y/N] `, answered);
  })
    .then((answer) => /^y(es)?$/i.test(answer.trim()))
    .finally(() => asking.close());
}
