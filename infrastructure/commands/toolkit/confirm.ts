import { createInterface } from "node:readline";

/** Asks `question`, and returns whether the answer is yes. The end of the input and Ctrl-C mean no. */
export function confirm(
  question: string,
  input: NodeJS.ReadableStream,
  output: NodeJS.WritableStream,
): Promise<boolean> {
  const prompt = createInterface({ input, output });
  return new Promise<string>((answered) => {
    prompt.once("close", () => answered(""));
    prompt.question(`${question} [y/N] `, answered);
  })
    .then((answer) => /^y(es)?$/i.test(answer.trim()))
    .finally(() => prompt.close());
}
