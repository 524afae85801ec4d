import { expect, test, vi } from "vitest";
import { awsEndpoint } from "../../../../handlers/clients/aws/aws-endpoint.client.ts";
import { inRoleEnvironment } from "../../../support/fixtures/role-environment.ts";

test("a service and a bucket have an address in the region, in the domain of the partition", () => {
  inRoleEnvironment("");
  expect(awsEndpoint("ssm")).toBe("https://ssm.us-east-1.amazonaws.com");
  expect(awsEndpoint("s3", "a-bucket")).toBe("https://a-bucket.s3.us-east-1.amazonaws.com");
  vi.stubEnv("AWS_REGION", "cn-north-1");
  vi.stubEnv("URL_SUFFIX", "amazonaws.com.cn");
  expect(awsEndpoint("secretsmanager")).toBe("https://secretsmanager.cn-north-1.amazonaws.com.cn");
});

test("the environment sets another address, for one service or for all", () => {
  inRoleEnvironment("http://127.0.0.1:9000/");
  vi.stubEnv("AWS_ENDPOINT_URL_SECRETS_MANAGER", "http://127.0.0.1:9001");
  expect(awsEndpoint("s3", "a-bucket")).toBe("http://127.0.0.1:9000/a-bucket");
  expect(awsEndpoint("ssm")).toBe("http://127.0.0.1:9000");
  expect(awsEndpoint("secretsmanager")).toBe("http://127.0.0.1:9001");
});

test("a function without a region fails at its start", () => {
  inRoleEnvironment("");
  vi.stubEnv("AWS_REGION", undefined);
  expect(() => awsEndpoint("ssm")).toThrow("AWS_REGION");
});
