import { CloudFormationClient, CreateStackCommand, DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import { HeadBucketCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { GetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { expect, test } from "vitest";
import { templateOf } from "../infrastructure/aws/template.ts";
import { AWS, aBucket, describeAws, s3 } from "./aws.ts";

const cloudFormation = new CloudFormationClient(AWS);

/**
 * The resource types that moto 5.2 creates from a template. It has no Glue tables and no Athena, does not resolve
 * references in policies, needs Docker for functions, and ignores a bucket's properties: see `pipeline.ts`.
 */
const SUPPORTED = /^AWS::(S3::Bucket|SQS::Queue|SNS::Topic|SecretsManager::Secret)$/;

describeAws("the synthesised template", () => {
  test("creates buckets and queues with the properties of the template", async () => {
    const { Resources, Outputs } = templateOf().toJSON();
    const resources = Object.entries<{ Type: string }>(Resources).filter(([, { Type }]) => SUPPORTED.test(Type));
    const made = resources.map(([id]) => id);
    const outputs = Object.entries<{ Value: { Ref?: string } }>(Outputs).filter(([, { Value }]) =>
      made.includes(Value.Ref ?? ""),
    );
    const stack = {
      Resources: Object.fromEntries(resources.map(([id, { ...resource }]) => [id, { ...resource, DependsOn: [] }])),
      Outputs: Object.fromEntries(outputs),
    };
    const values = await deployed(stack);
    const attributes = new GetQueueAttributesCommand({ QueueUrl: values["QueueUrl"], AttributeNames: ["All"] });
    const { Attributes = {} } = await new SQSClient(AWS).send(attributes);
    expect(Attributes).toMatchObject({ VisibilityTimeout: "1860", MessageRetentionPeriod: "1209600" });
    expect(JSON.parse(Attributes["RedrivePolicy"] ?? "")).toMatchObject({ maxReceiveCount: 10 });
    await s3.send(new HeadBucketCommand({ Bucket: values["ArchiveBucketName"] }));
  });
});

async function deployed(template: object): Promise<Record<string, string>> {
  const [Bucket, StackName] = [await aBucket(), `test-${crypto.randomUUID()}`];
  await s3.send(new PutObjectCommand({ Bucket, Key: "template.json", Body: JSON.stringify(template) }));
  const TemplateURL = `https://${Bucket}.s3.amazonaws.com/template.json`;
  await cloudFormation.send(new CreateStackCommand({ StackName, TemplateURL }));
  const { Stacks } = await cloudFormation.send(new DescribeStacksCommand({ StackName }));
  expect(Stacks?.[0]?.StackStatus).toBe("CREATE_COMPLETE");
  const outputs = Stacks?.[0]?.Outputs ?? [];
  return Object.fromEntries(outputs.map(({ OutputKey = "", OutputValue = "" }) => [OutputKey, OutputValue]));
}
