import { randomUUID } from "node:crypto";
import { CreateDatabaseCommand, CreateTableCommand, GlueClient, type TableInput } from "@aws-sdk/client-glue";
import { at } from "../../handlers/call/json.ts";
import { TABLES } from "../../queries/tables/all.ts";
import { athenaViewSql } from "../../queries/tables/athena-view.ts";
import { NOTHING_CLOSED } from "../../queries/tables/closed-days.ts";
import { AWS, aBucket } from "../aws/aws.ts";
import { resourcesOf, templateOf } from "../infrastructure/aws/template.ts";
import { type Place, statement } from "./trino-engine.ts";

const glue = new GlueClient(AWS);

/** The tables and views of the synthesised template, in a separate database. */
export interface Tables {
  readonly place: Place;
  /** The bucket with their objects. */
  readonly bucket: string;
}

/**
 * Creates every Glue table of the template, and the views over them with Athena's statement.
 *
 * In the catalog `folder`, the same tables are in a folder with the bucket's name.
 */
export async function aDatabase(url: string, catalog: Place["catalog"] = "awsdatacatalog"): Promise<Tables> {
  const bucket = await aBucket({ versioned: false });
  const schema = `test_${randomUUID().replaceAll("-", "")}`;
  await glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: schema } }));
  for (const { properties } of resourcesOf(templateOf(), "AWS::Glue::Table")) {
    const input = JSON.stringify(resolved(at(properties, "TableInput"), bucket));
    const root = catalog === "folder" ? "local:///" : "s3://";
    const TableInput: TableInput = JSON.parse(input.replaceAll("s3://", root));
    await glue.send(new CreateTableCommand({ DatabaseName: schema, TableInput }));
  }
  const place = { url, catalog, schema };
  for (const table of TABLES) await statement(place, athenaViewSql(table, NOTHING_CLOSED));
  return { place, bucket };
}

/** Resolves a part of a template like CloudFormation, with `name` for every reference. */
function resolved(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((each) => resolved(each, name));
  if ("Ref" in value) return name;
  if ("Fn::Join" in value && Array.isArray(value["Fn::Join"]))
    return [resolved(value["Fn::Join"][1], name)].flat().join("");
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, resolved(each, name)]));
}
