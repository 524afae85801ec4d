interface ResponseDetails extends ErrorOptions {
  readonly status?: number;
  readonly retryAfterMs?: number | undefined;
}

interface RefusalDetails extends ErrorOptions {
  readonly status: number;
  readonly code?: string | undefined;
}

/** The service said no, and will say it again until a person changes something: do not retry soon. */
export class ServiceRefused extends Error {
  override readonly name = "ServiceRefused";
  readonly status: number;
  /** The service's own code for the reason, such as `missing_permissions`. Absent if it gave none. */
  readonly code: string | undefined;

  constructor(message: string, { status, code, ...options }: RefusalDetails) {
    super(message, options);
    this.status = status;
    this.code = code;
  }
}

/** Whether an answer with this status says that the key is not taken, or not for this. */
export function isAboutKey(status: number): boolean {
  return status === 401 || status === 403;
}

/** Whether `error` says that the key is not taken, or not for this: a person can put that right. */
export function isRefusalOfKey(error: unknown): error is ServiceRefused {
  return error instanceof ServiceRefused && isAboutKey(error.status);
}

/** The result of `request`, or the error itself where the service refuses the key. */
export async function refusalOf<Answer>(request: () => Promise<Answer>): Promise<Answer | ServiceRefused> {
  try {
    return await request();
  } catch (error) {
    if (isRefusalOfKey(error)) return error;
    throw error;
  }
}

/** The service did not do it, or did not say whether it did. Later it may. */
export class ServiceUnavailable extends Error {
  override readonly name = "ServiceUnavailable";
  /** The status it answered with, if it answered at all. */
  readonly status: number | undefined;
  /** How long it asked us to wait. */
  readonly retryAfterMs: number | undefined;

  constructor(message: string, { status, retryAfterMs, ...options }: ResponseDetails = {}) {
    super(message, options);
    this.status = status;
    this.retryAfterMs = retryAfterMs;
  }
}

/** Runs `work`. If a service fails it, the error says what was being done: `could not {task}: …`. */
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
