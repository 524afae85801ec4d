/** The object itself is wrong: trying again on the same bytes cannot help. */
export class Unprocessable extends Error {
  override readonly name = "Unprocessable";
}
