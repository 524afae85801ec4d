import { randomInt } from "node:crypto";
import { parseArgs } from "node:util";
import { systemClock } from "../../../handlers/clients/clock.ts";
import { PATH } from "../../../handlers/receive/answer.ts";
import { settingsFrom } from "../../local/settings.ts";
import { type SampleCall, sampleCalls } from "../../samples/sample-calls.ts";
import { awsTarget } from "../toolkit/aws-target.client.ts";
import { localTarget } from "../toolkit/local-target.client.ts";
import { runAsCommand } from "../toolkit/run-as-command.ts";
import { namedTable } from "../toolkit/text-table.ts";
import { WrongUsage } from "../toolkit/wrong-usage.ts";
import { smoke } from "./smoke.ts";

const HELP = `Sends one signed sample call with a recording to an archive, shows what came of it, and takes it away again.

Usage: npm run smoke -- --url URL              an archive that runs on this machine (npm start), on ARCHIVE_DIR
       npm run smoke -- --stack CallArchive    one that is deployed, found by the outputs of its stack
       npm run smoke -- --stack NAME --url URL the same under another address, such as a domain of your own

An address of AWS (…amazonaws.com) without --stack is that of the stack CallArchive.

  --timeout SECONDS  how long processing may take (default 120)

The secret is ELEVENLABS_WEBHOOK_SECRET, else the one of the folder or the stack. For a stack you need credentials
for AWS that may read its secrets, use its workgroup, and delete versions in its buckets.

Exit status: 0 if everything arrived, 1 if something is missing (it says what, and where to look), 2 wrong usage.`;

await runAsCommand(HELP, async () => {
  const string = { type: "string" } as const;
  const { values } = parseArgs({ options: { url: string, stack: string, timeout: string } });
  if (values.url === undefined && values.stack === undefined)
    throw new WrongUsage("say which archive: --url or --stack");
  const seconds = Number(values.timeout ?? 120);
  if (!(seconds > 0)) throw new WrongUsage(`--timeout ${values.timeout} is not a number of seconds`);
  const settings = settingsFrom(process.env);
  const url = values.url === undefined ? undefined : addressOf(values.url);
  const stack = values.stack ?? (isOfAws(url) ? "CallArchive" : undefined);
  const target =
    stack === undefined
      ? await localTarget(url ?? "", settings)
      : await awsTarget(stack, url, settings.webhookSecrets[0]);

  const options = { timeoutMs: seconds * 1000, clock: systemClock, say: (line: string) => say(`  ${line}`) };
  say(`A sample call to ${target.url}`);
  const { objects, rows, memory, missing } = await smoke(aCall(), target, options);
  if (objects.length > 0) {
    say(
      `\n${namedTable(
        ["key", "bytes", "class", "source"],
        objects.map(({ key, size, storageClass, metadata }) => [key, size, storageClass, metadata["source"] ?? ""]),
        process.stdout.columns,
      )}`,
    );
    say(
      namedTable(
        ["table", "rows"],
        rows.map(({ table, count }) => [table, count]),
        process.stdout.columns,
      ),
    );
    say(`Memory: ${memory}\n`);
  }
  if (missing.length === 0) return say("Everything arrived.");
  for (const each of missing) process.stderr.write(`Missing: ${each}\n`);
  process.exitCode = 1;
});

/**
 * A call of a known person whose recording comes apart, with an id that no other has. It has just ended: in a day that
 * is closed it would be seen some minutes later only, and would stay after it was taken away.
 */
function aCall(): SampleCall {
  const [call] = sampleCalls({ count: 1, seed: randomInt(2 ** 31), until: new Date() });
  if (!call?.bodies.audio) throw new Error("the first sample call has no recording of its own");
  return call;
}

function addressOf(text: string): string {
  if (!URL.canParse(text)) throw new WrongUsage(`--url ${text} is not an address: write it as http://127.0.0.1:8787`);
  const url = new URL(text);
  if (url.pathname === "/") url.pathname = PATH;
  return url.href;
}

function isOfAws(url: string | undefined): boolean {
  return url !== undefined && new URL(url).hostname.endsWith(".amazonaws.com");
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
