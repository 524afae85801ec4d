import { createInterface } from "node:readline";
import { Writable } from "node:stream";

/** Asks for a value that is not shown. The end of the input and Ctrl-C mean the empty value. */
export function askHidden(
  question: string,
  input: NodeJS.ReadableStream,
  output: NodeJS.WritableStream,
): Promise<string> {
  output.write(`${question}: `);
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  // As a terminal, readline switches off the echo of the keys, and writes them to `nowhere` instead.
  const prompt = createInterface({ input, output: nowhere, terminal: true });
  return new Promise<string>((answered) => {
    prompt.once("close", () => answered(""));
    prompt.question("", answered);
  }).finally(() => {
    prompt.close();
    output.write("\n");
  });
}
