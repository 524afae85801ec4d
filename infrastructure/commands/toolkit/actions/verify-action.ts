import { statedFolder } from "../../../../handlers/call/caller.ts";
import type { ActionRequests } from "../../../../handlers/read/action-requests.ts";
import type { ActionEnd, ActionProgress } from "../../../../handlers/read/action-runs.ts";
import { isNotice, type Verified } from "../../../../handlers/verify/archive-finding.ts";
import { type VerifySelection, verifyArchive } from "../../../../handlers/verify/verify-archive.ts";
import type { Settings } from "../../../local/settings.ts";
import type { Deployment } from "../deployment/deployment.ts";
import { withFolderFiles } from "../verify/folder-files.client.ts";
import type { Repaired } from "../verify/repair.ts";
import { storeFindings } from "../verify/store-findings.ts";
import { verifyAndRepair } from "../verify/verify-and-repair.ts";
import { verifyDepsOf } from "../verify/verify-deps-of.ts";
import { firstOf, objectText } from "./action-result.ts";

/** Checks the selected objects, or the whole archive, and repairs them with `fix`, as `npm run verify` does. */
export async function verifyAction(
  { fix, recordings, conversation_id: conversation, caller, from, to }: ActionRequests["verify"],
  progress: ActionProgress,
  deployment: Deployment,
  settings: Settings,
): Promise<ActionEnd> {
  const selection: VerifySelection = {
    conversation,
    caller: caller === undefined ? undefined : statedFolder(caller),
    from,
    to,
  };
  const isWhole = Object.values(selection).every((each) => each === undefined);
  const openDeployment = fix ? await deployment.open("npm run verify", () => {}) : undefined;
  const notes: string[] = [];
  let repaired: Repaired | undefined;
  try {
    const deps = await verifyDepsOf(openDeployment ?? deployment, recordings);
    const all = verifyArchive(selection, deps);
    progress.begin("Checking objects");
    const verification = await verifyAndRepair(isWhole ? withFolderFiles(all, settings) : all, {
      openDeployment,
      deps,
      show: (results) => counted(results, progress),
      onNotFetched: (line) => void notes.push(line),
      onRepair({ process }) {
        progress.begin("Processing objects again", process.length);
        return progress.advance;
      },
      onRepaired(done) {
        repaired = done;
        progress.begin("Checking the repaired objects");
      },
      rate: undefined,
      stop: progress.stop,
    });
    progress.stop.throwIfAborted();
    if (isWhole) await storeFindings(verification, settings, (line) => void notes.push(line));
    const { checked, findings, isClean } = verification;
    const wrong = findings.filter((each) => !isNotice(each));
    const shown = firstOf(findings).map(({ kind, key, what, remedy }) => ({ kind, key, what, remedy }));
    return {
      message: `${checked} objects and days checked: ${findingText(wrong.length)}${repairText(repaired)}`,
      result: {
        checked,
        is_clean: isClean,
        findings: wrong.length,
        notices: findings.length - wrong.length,
        items: shown,
        repaired: repaired ?? null,
        notes: firstOf(notes),
      },
    };
  } finally {
    await openDeployment?.close();
  }
}

/** Formats what was repaired, or is being repaired by the archive, as sentences. */
export function repairText(repaired: Repaired | undefined): string {
  if (!repaired) return "";
  const { processed, put, days, hours, left, elsewhere } = repaired;
  const objects = processed + put;
  const parts = [
    ...(objects > 0 ? [objectText(objects)] : []),
    ...(days > 0 ? [days === 1 ? "1 closed day" : `${days} closed days`] : []),
    ...(hours > 0 ? [hours === 1 ? "1 packed hour" : `${hours} packed hours`] : []),
  ].join(" and ");
  const isDone = elsewhere.length === 0;
  const sentences = [
    ...(parts === "" ? [] : [`${isDone ? "Repaired" : "Being repaired"}: ${parts}`]),
    ...(isDone ? [] : [`Check again in a minute: ${elsewhere.join(" and ")} completes this`]),
    ...(left > 0 ? [`Not repaired while the archive runs: ${objectText(left)}`] : []),
  ];
  return sentences.map((each) => `. ${each}`).join("");
}

function findingText(count: number): string {
  return count === 0 ? "nothing is wrong" : count === 1 ? "1 finding" : `${count} findings`;
}

async function* counted(results: AsyncIterable<Verified>, { advance }: ActionProgress): AsyncGenerator<Verified> {
  for await (const each of results) {
    yield each;
    advance();
  }
}
