import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import { TABLES } from "../../queries/tables/all.ts";
import type { Analytics } from "./analytics.ts";
import { athenaRights } from "./athena-rights.ts";

/** The rights to create and update the archive's views with Athena, and no other table. */
export function viewRights(analytics: Analytics): PolicyStatement[] {
  const { databaseName } = analytics.database;
  return [
    ...athenaRights(analytics),
    new PolicyStatement({
      actions: ["glue:CreateTable", "glue:UpdateTable"],
      resources: [
        analytics.glueArn("catalog"),
        analytics.glueArn(`database/${databaseName}`),
        ...TABLES.map(({ name }) => analytics.glueArn(`table/${databaseName}/${name}`)),
      ],
    }),
  ];
}
