import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import type { APIGatewayProxyEventV2 } from "aws-lambda";

const client = new S3Client({});

/** A function that only stores the body with the S3 client. */
export const handler = async ({ body }: APIGatewayProxyEventV2) => {
  const bucket = process.env["ARCHIVE_BUCKET"] ?? "";
  await client.send(new PutObjectCommand({ Bucket: bucket, Key: "delivery.json", Body: body ?? "" }));
  return { statusCode: 200 };
};
