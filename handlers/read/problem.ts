/**
 * The request cannot be answered. `title` and `status` are those of the response, and `detail` states what to do (RFC
 * 9457).
 */
export class Problem extends Error {
  override readonly name = "Problem";
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  /** Further headers of the response. */
  readonly headers: Readonly<Record<string, string>>;
  /** Further members of the body. */
  readonly members: Readonly<Record<string, unknown>>;

  constructor(
    status: number,
    title: string,
    detail: string,
    { headers = {}, members = {}, ...options }: ErrorOptions & Partial<Pick<Problem, "headers" | "members">> = {},
  ) {
    super(`${title}: ${detail}`, options);
    this.status = status;
    this.title = title;
    this.detail = detail;
    this.headers = headers;
    this.members = members;
  }
}
