import { spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { awsAt } from "../support/fixtures/aws-client.ts";
import { lineWith } from "../support/fixtures/line-with.ts";
import type { TrinoDistribution } from "./maven.ts";

/** A running Trino with two catalogs over the same Glue: `awsdatacatalog`, named like Athena's, and `folder`. */
export interface TrinoServer {
  readonly url: string;
  /** The root of `local:///` in the catalog `folder`, which is faster than moto's S3 for thousands of objects. */
  readonly folder: string;
  /** Stops it, and waits until it has exited. */
  stop(): Promise<void>;
}

const OPTIONS = [
  "-Dnode.environment=test",
  "-Dnode.id=one",
  "-Xmx2g",
  "--add-modules=jdk.incubator.vector",
  "--sun-misc-unsafe-memory-access=allow",
  "--enable-native-access=ALL-UNNAMED",
  "--add-opens=java.base/java.nio=ALL-UNNAMED",
];

/** Starts Trino on a free port of the loopback. `awsUrl` is its Glue, and the S3 of its first catalog. */
export async function startTrino({ version, home, java }: TrinoDistribution, awsUrl: string): Promise<TrinoServer> {
  const data = await mkdtemp(join(tmpdir(), "trino-"));
  const url = `http://127.0.0.1:${await freePort()}`;
  await configure(data, url, awsUrl);
  const places = {
    config: join(data, "config.properties"),
    "node.data-dir": join(data, "data"),
    "plugin.dir": join(home, "plugin"),
    "catalog.config-dir": join(data, "catalog"),
  };
  const properties = Object.entries(places).map(([name, place]) => `-D${name}=${place}`);
  const main = [join(import.meta.dirname, "StartTrino.java"), version];
  const server = spawn(java, ["-cp", join(home, "lib/*"), ...OPTIONS, ...properties, ...main], {
    stdio: ["pipe", "ignore", "pipe"],
  });
  const ended = new Promise<void>((done) => server.once("exit", () => done()));
  await lineWith(/SERVER STARTED/, server.stderr, "Trino");
  return {
    url,
    folder: join(data, "folder"),
    async stop() {
      server.kill();
      await ended;
      await rm(data, { recursive: true });
    },
  };
}

async function configure(data: string, url: string, awsUrl: string): Promise<void> {
  const { region, credentials } = awsAt(awsUrl);
  const glue = {
    "connector.name": "hive",
    "hive.metastore": "glue",
    "hive.metastore.glue.region": region,
    "hive.metastore.glue.endpoint-url": awsUrl,
    "hive.metastore.glue.aws-access-key": credentials.accessKeyId,
    "hive.metastore.glue.aws-secret-key": credentials.secretAccessKey,
    "hive.partition-projection-enabled": "true",
    // Glue has no statistics of computed partitions. By default each plan requests them, partition by partition.
    "hive.table-statistics-enabled": "false",
  };
  const files: Record<string, Record<string, string>> = {
    "config.properties": {
      coordinator: "true",
      "node-scheduler.include-coordinator": "true",
      "http-server.http.port": new URL(url).port,
      // By default it writes a log below its working directory.
      "http-server.log.enabled": "false",
      "discovery.uri": url,
      "query.max-memory": "1GB",
      "catalog.management": "static",
    },
    "catalog/awsdatacatalog.properties": {
      ...glue,
      "fs.native-s3.enabled": "true",
      "s3.endpoint": awsUrl,
      "s3.region": region,
      "s3.path-style-access": "true",
      "s3.aws-access-key": credentials.accessKeyId,
      "s3.aws-secret-key": credentials.secretAccessKey,
    },
    "catalog/folder.properties": {
      ...glue,
      "fs.native-local.enabled": "true",
      "local.location": join(data, "folder"),
      "hive.ignore-absent-partitions": "true",
    },
  };
  for (const folder of ["catalog", "folder", "data"]) await mkdir(join(data, folder));
  for (const [name, properties] of Object.entries(files)) {
    const lines = Object.entries(properties).map(([key, value]) => `${key}=${value}\n`);
    await writeFile(join(data, name), lines.join(""));
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  if (address === null || typeof address === "string") throw new Error("no port is free");
  return address.port;
}
