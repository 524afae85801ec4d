interface ResponseDetails extends ErrorOptions {
  readonly status?: number;
  readonly retryAfterMs?: number | undefined;
}

interface RefusalDetails extends ErrorOptions {
  readonly status: number;
  readonly code?: string | undefined;
}

/** The service refused, and will refuse again until a person changes something. Do not retry soon. */
export class ServiceRefused extends Error {
  override readonly name = "ServiceRefused";
  readonly status: number;
  /** The service's code for the reason, such as `missing_permissions`. Absent if it gave none. */
  readonly code: string | undefined;

  constructor(message: string, { status, code, ...options }: RefusalDetails) {
    super(message, options);
    this.status = status;
    this.code = code;
  }
}

/** Whether this status means that the key is invalid, or lacks a permission. */
export function isAboutKey(status: number): boolean {
  return status === 401 || status === 403;
}

/** Whether the service refused the key, or a permission for it. A person can correct that. */
export function isRefusalOfKey(error: unknown): error is ServiceRefused {
  return error instanceof ServiceRefused && isAboutKey(error.status);
}

/** Returns the result of `request`, or the error if the service refuses the key. */
export async function refusalOf<Answer>(request: () => Promise<Answer>): Promise<Answer | ServiceRefused> {
  try {
    return await request();
  } catch (error) {
    if (isRefusalOfKey(error)) return error;
    throw error;
  }
}

/** The service did not do it, or did not confirm that it did. A later attempt may succeed. */
export class ServiceUnavailable extends Error {
  override readonly name = "ServiceUnavailable";
  /** The status of its answer, if there was one. */
  readonly status: number | undefined;
  /** The pause that its answer requested, in milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(message: string, { status, retryAfterMs, ...options }: ResponseDetails = {}) {
    super(message, options);
    this.status = status;
    this.retryAfterMs = retryAfterMs;
  }
}

/** Runs `work`. If a service fails, the error names the task: `could not {task}: …`. */
export async function whileTryingTo<Result>(task: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ServiceRefused) {
      const { status, code } = error;
      throw new ServiceRefused(`could not ${task}: ${error.message}`, { status, code, cause: error });
    }
    if (error instanceof ServiceUnavailable) {
      const { status, retryAfterMs } = error;
      const details = status === undefined ? { retryAfterMs } : { status, retryAfterMs };
      throw new ServiceUnavailable(`could not ${task}: ${error.message}`, { ...details, cause: error });
    }
    throw error;
  }
}
