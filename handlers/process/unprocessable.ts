/** The object itself is wrong: a retry on the same bytes cannot help. */
export class Unprocessable extends Error {
  override readonly name = "Unprocessable";
}

/** Returns the result of `read`, or the `Unprocessable` error that it throws. */
export function orUnprocessable<Result>(read: () => Result): Result | Unprocessable {
  try {
    return read();
  } catch (error) {
    if (error instanceof Unprocessable) return error;
    throw error;
  }
}
