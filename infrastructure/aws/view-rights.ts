import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import { TABLES } from "../../queries/tables/all.ts";
import type { Analytics } from "./analytics.ts";
import { athenaRights } from "./athena-rights.ts";

/** What it takes to have Athena make the archive's views, and no other table. */
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
