/** What the OpenAPI document states of the whole API. */
export const ABOUT = {
  openapi: "3.1.0",
  info: {
    title: "Call archive",
    version: "1",
    description: "Reads an archive of ElevenLabs calls. Times are ISO 8601 in UTC, and days are YYYY-MM-DD.",
    license: { name: "MIT", identifier: "MIT" },
  },
  servers: [{ url: "/" }],
  // On a loopback address a request needs nothing.
  security: [{}, { token: [] }, { iam: [] }],
};

/** What a request needs on another address, and on AWS. */
export const SECURITY = {
  token: {
    type: "http",
    scheme: "bearer",
    description: "The token that the command prints, beyond a loopback address.",
  },
  iam: {
    type: "apiKey",
    in: "header",
    name: "Authorization",
    description: "A signature of AWS, version 4, for a stack.",
  },
} as const;
