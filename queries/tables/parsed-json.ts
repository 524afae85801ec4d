/**
 * The value of a JSON text. Where the text is not JSON, what `invalid` returns, or `undefined`, which no JSON text stands
 * for. `invalid` gets the parser's error, which quotes some of the text, and may throw one of its own.
 */
export function parsedJson(text: string, invalid: (error: unknown) => unknown = () => undefined): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    return invalid(error);
  }
}
