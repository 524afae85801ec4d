/**
 * Returns the value of a JSON text. If the text is not JSON, returns the result of `invalid`: by default `undefined`,
 * which is not the value of any JSON text. `invalid` gets the parser's error, which quotes some of the text, and may
 * throw another error.
 */
export function parsedJson(text: string, invalid: (error: unknown) => unknown = () => undefined): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    return invalid(error);
  }
}
