/** Writes the template of each stage in `edge-stages.ts` into a folder, for `cfn-lint`. The argument is the folder. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { EDGE_STAGES } from "./edge-stages.ts";
import { templateOf } from "./template.ts";

const [folder = "cdk.out/edges"] = process.argv.slice(2);
await mkdir(folder, { recursive: true });
for (const [name, stage] of Object.entries(EDGE_STAGES)) {
  await writeFile(join(folder, `${name}.template.json`), JSON.stringify(templateOf(stage).toJSON(), null, 1));
}
process.stdout.write(`${Object.keys(EDGE_STAGES).length} templates in ${folder}\n`);
