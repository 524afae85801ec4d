import { onTestFinished } from "vitest";
import { type FaultyServer, faultyServer } from "./faulty-server.ts";

/** Starts a server with one CloudFormation stack and its outputs. It is closed after the test. */
export async function aStackServer(name: string, outputs: Readonly<Record<string, string>>): Promise<FaultyServer> {
  const members = Object.entries(outputs).map(
    ([key, value]) => `<member><OutputKey>${key}</OutputKey><OutputValue>${value}</OutputValue></member>`,
  );
  const stack = `<StackName>${name}</StackName><Outputs>${members.join("")}</Outputs>`;
  const server = await faultyServer(({ body }) => {
    const requested = new URLSearchParams(body).get("StackName");
    if (requested !== name) return { status: 400, body: refusal(`Stack with id ${requested} does not exist`) };
    const result = `<DescribeStacksResult><Stacks><member>${stack}</member></Stacks></DescribeStacksResult>`;
    return { status: 200, body: `<DescribeStacksResponse>${result}</DescribeStacksResponse>` };
  });
  onTestFinished(() => server.close());
  return server;
}

function refusal(message: string): string {
  const error = `<Error><Type>Sender</Type><Code>ValidationError</Code><Message>${message}</Message></Error>`;
  return `<ErrorResponse>${error}</ErrorResponse>`;
}
