/** The object itself is wrong: trying again on the same bytes cannot help. */
export class Unprocessable extends Error {
  override readonly name = "Unprocessable";
}

/** What `read` gives; the error itself if what it reads is wrong. */
export function orUnprocessable<Result>(read: () => Result): Result | Unprocessable {
  try {
    return read();
  } catch (error) {
    if (error instanceof Unprocessable) return error;
    throw error;
  }
}
