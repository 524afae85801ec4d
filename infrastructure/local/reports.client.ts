import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { isCount, isDay, isMoment, isText, listOf, objectOf, orNull } from "../../handlers/call/shape.ts";
import { absent, replaceFile } from "../../handlers/clients/archive/atomic-file.client.ts";
import { jsonBytes, jsonIn } from "../../handlers/clients/archive/json-object.ts";
import type {
  Comparison,
  FindingsReport,
  ReportedFinding,
  Reporter,
  StoredReports,
} from "../../handlers/read/stored-reports.ts";

/** The most findings that are stored of one run. */
export const MOST_FINDINGS = 1_000;

const isReport = objectOf<FindingsReport>({
  checked_at: isMoment,
  count: isCount,
  findings: listOf(objectOf<ReportedFinding>({ kind: isText, subject: isText, what: isText, remedy: orNull(isText) })),
});

const isComparison = objectOf<Comparison>({
  day: isDay,
  checked_at: isMoment,
  listed: isCount,
  missing: listOf(isText),
});

/** The stored reports of a folder. */
export interface FolderReports extends StoredReports {
  /** Replaces the report of `reporter`. Stores the first findings only. */
  saveFindings(reporter: Reporter, report: Omit<FindingsReport, "count">): Promise<void>;
  /** Replaces the comparison of its day. */
  saveComparison(comparison: Comparison): Promise<void>;
  /** Removes what the reports state of a conversation. */
  forget(conversation: string): Promise<void>;
}

/**
 * The reports in `{root}/reports`, which is beside the archive. Each file is replaced atomically, so concurrent runs do
 * no harm: the last one remains. A damaged file counts as absent. If there is no folder `root`, nothing is stored.
 */
export function folderReports(root: string): FolderReports {
  const folder = join(root, "reports");
  const compared = join(folder, "compared");

  // Not in the archive's `tmp`: an archive that starts meanwhile empties it.
  async function save(path: string, value: object): Promise<void> {
    if (await stat(root).catch(absent)) await replaceFile(path, join(folder, "tmp"), jsonBytes(value));
  }

  async function comparisonIn(name: string): Promise<Comparison | undefined> {
    const file = await readFile(join(compared, name)).catch(absent);
    return file && jsonIn(file, isComparison);
  }

  async function findingsOf(reporter: Reporter): Promise<FindingsReport | undefined> {
    const file = await readFile(join(folder, `${reporter}.json`)).catch(absent);
    return file && jsonIn(file, isReport);
  }

  async function comparisonsIn(isWanted: (name: string) => boolean): Promise<Comparison[]> {
    const names = ((await readdir(compared).catch(absent)) ?? []).filter(isWanted).sort();
    const found = await Promise.all(names.map(comparisonIn));
    return found.filter((each) => each !== undefined);
  }

  return {
    findings: findingsOf,
    comparisons: ({ from, to }) => comparisonsIn((name) => name >= `${from}.json` && name <= `${to}.json`),
    saveFindings: (reporter, { checked_at, findings }) =>
      save(join(folder, `${reporter}.json`), {
        checked_at,
        count: findings.length,
        findings: findings.slice(0, MOST_FINDINGS),
      }),
    saveComparison: (comparison) => save(join(compared, `${comparison.day}.json`), comparison),
    async forget(conversation) {
      const report = await findingsOf("verify");
      const findings = report?.findings.filter((each) => !isAbout(conversation, `${each.subject} ${each.what}`));
      if (report && findings && findings.length < report.findings.length) {
        const count = report.count - report.findings.length + findings.length;
        await save(join(folder, "verify.json"), { ...report, count, findings });
      }
      for (const comparison of await comparisonsIn((name) => name.endsWith(".json"))) {
        const missing = comparison.missing.filter((id) => id !== conversation);
        if (missing.length < comparison.missing.length)
          await save(join(compared, `${comparison.day}.json`), { ...comparison, missing });
      }
    },
  };
}

/** Whether a text names a conversation, for example in a key. */
function isAbout(conversation: string, text: string): boolean {
  return text.split(/[^\w-]+/).includes(conversation);
}
