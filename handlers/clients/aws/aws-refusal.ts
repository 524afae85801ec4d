/** The part of an answer that states an error. */
interface Answer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** AWS answered with an error. `name` is its code, such as `AccessDenied`. Its fields are those of the SDK's errors. */
export class AwsRefusal extends Error {
  readonly $metadata: { readonly httpStatusCode: number; readonly clockSkewCorrected: boolean };
  /** The SDK's retries read in its headers when to retry. */
  readonly $response: Answer;

  /** With `isClockCorrected` a retry has another time than the refused request. */
  constructor({ statusCode, headers }: Answer, body: string, isClockCorrected: boolean) {
    // S3 answers in XML, and the other services in JSON, where a namespace may come before the code.
    const [, code] = /<Code>([^<]+)</.exec(body) ?? /"__type"\s*:\s*"(?:[^"#]*#)?([^"]+)"/.exec(body) ?? [];
    const [, message] = /<Message>([^<]+)</.exec(body) ?? /"[Mm]essage"\s*:\s*"([^"]+)"/.exec(body) ?? [];
    super([`AWS answered ${statusCode}`, code, message].filter(Boolean).join(": "));
    this.name = code ?? "UnknownError";
    this.$metadata = { httpStatusCode: statusCode, clockSkewCorrected: isClockCorrected };
    this.$response = { statusCode, headers };
  }
}
