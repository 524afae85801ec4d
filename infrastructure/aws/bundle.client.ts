import { join } from "node:path";
import { build, type Plugin } from "esbuild";
import { replaceFile } from "../../handlers/clients/archive/atomic-file.client.ts";
import { bundledSql } from "../../queries/engine/saved-queries.client.ts";

const ROOT = join(import.meta.dirname, "../..");

/** The entry of each function, and the limit of its bundle in bytes. A larger bundle makes a cold start slower. */
const FUNCTIONS = {
  receiver: { entry: "handlers/receive/receive.lambda.ts", budget: 160_000 },
  processor: { entry: "handlers/process/process.lambda.ts", budget: 1_050_000 },
  compactor: { entry: "handlers/compact/compact.lambda.ts", budget: 750_000 },
  reconciler: { entry: "handlers/reconcile/reconcile.lambda.ts", budget: 640_000 },
  views: { entry: "handlers/compact/views.lambda.ts", budget: 600_000 },
  monitor: { entry: "handlers/monitor/monitor.lambda.ts", budget: 500_000 },
  readApi: { entry: "handlers/read/read.lambda.ts", budget: 1_400_000 },
} as const;

export type FunctionName = keyof typeof FUNCTIONS;

/** The code of one function, ready for upload. */
export interface Bundle {
  readonly name: FunctionName;
  /** The folder that contains `index.mjs` and nothing else. */
  readonly folder: string;
  readonly bytes: number;
  readonly budget: number;
  /** The sizes of its parts, largest first: packages by name, our own code as `.`. */
  readonly parts: readonly { readonly name: string; readonly bytes: number }[];
}

/** A bundle is larger than its budget. */
export class BudgetExceeded extends Error {
  override readonly name = "BudgetExceeded";
}

/**
 * Bundles every function with its dependencies into `dist/`, minified. The same sources give the same bytes. Each file
 * is replaced atomically, so a concurrent reader never gets a part of it.
 *
 * The AWS SDK is bundled, too, because the version in Lambda's runtime changes without notice.
 *
 * @throws BudgetExceeded
 */
export async function bundles(): Promise<Record<FunctionName, Bundle>> {
  const [receiver, processor, compactor, reconciler, views, monitor, readApi] = await Promise.all([
    bundle("receiver"),
    bundle("processor"),
    bundle("compactor"),
    bundle("reconciler"),
    bundle("views"),
    bundle("monitor"),
    bundle("readApi"),
  ]);
  return { receiver, processor, compactor, reconciler, views, monitor, readApi };
}

/**
 * Bundles one function, as `bundles` does.
 *
 * @throws BudgetExceeded
 */
export async function bundle(name: FunctionName): Promise<Bundle> {
  const { entry, budget } = FUNCTIONS[name];
  const folder = join(ROOT, "dist", name);
  const outfile = join(folder, "index.mjs");
  const { metafile, outputFiles } = await build({
    absWorkingDir: ROOT,
    entryPoints: [entry],
    outfile,
    bundle: true,
    minify: true,
    metafile: true,
    write: false,
    platform: "node",
    target: "node24",
    format: "esm",
    // CommonJS packages load Node's own modules with `require`, which an ES module does not have.
    banner: { js: 'import{createRequire}from"node:module";const require=createRequire(import.meta.url);' },
    // A bundle has no files of queries, so the function that reads them gets their text. The others are smaller without.
    define: name === "readApi" ? { BUNDLED_SQL: JSON.stringify(await bundledSql()) } : {},
    mainFields: ["module", "main"],
    plugins: [requiredHttp],
    legalComments: "none",
    logLevel: "warning",
  });
  const [output] = Object.values(metafile.outputs);
  const bytes = output?.bytes ?? 0;
  const parts = partsOf(output?.inputs ?? {});
  if (bytes > budget) {
    const largest = parts.slice(0, 5).map((part) => `${part.name} ${part.bytes}`);
    throw new BudgetExceeded(
      `the bundle ${name} has ${bytes} bytes, and its budget is ${budget}: ${largest.join(", ")}`,
    );
  }
  for (const { contents } of outputFiles) await replaceFile(outfile, join(ROOT, "dist", "tmp"), contents);
  return { name, folder, bytes, budget, parts };
}

/**
 * Loads `node:http` with `require`. An `import` of it reads every export at once, and some are getters that load undici:
 * a sixth of the CPU time of a cold start (Node 24.9.0, 2026-11).
 */
const requiredHttp: Plugin = {
  name: "required-http",
  setup({ onResolve, onLoad }) {
    const namespace = "required-http";
    onResolve({ filter: /^(node:)?http$/ }, ({ namespace: from }) =>
      from === namespace ? { path: "node:http", external: true } : { path: "http", namespace },
    );
    onLoad({ filter: /./, namespace }, () => ({ contents: 'module.exports = require("node:http");' }));
  },
};

function partsOf(inputs: Readonly<Record<string, { readonly bytesInOutput: number }>>): Bundle["parts"] {
  const sizes = new Map<string, number>();
  for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
    const name = /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? ".";
    sizes.set(name, (sizes.get(name) ?? 0) + bytesInOutput);
  }
  return [...sizes].map(([name, bytes]) => ({ name, bytes })).sort((one, other) => other.bytes - one.bytes);
}
