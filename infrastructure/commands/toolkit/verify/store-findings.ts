import { reasonOf } from "../../../../handlers/clients/observability/log.ts";
import { folderReports } from "../../../local/reports.client.ts";
import type { Settings } from "../../../local/settings.ts";
import type { Verification } from "./verify-and-repair.ts";

/**
 * Stores the findings of a check of the whole folder, for the read API. A folder without objects has no report. If it
 * cannot be stored, `onProblem` gets the reason, because the findings matter more.
 */
export async function storeFindings(
  { findings, checked, isStopped }: Verification,
  { folder }: Pick<Settings, "folder">,
  onProblem: (line: string) => void,
): Promise<void> {
  if (checked === 0 || isStopped) return;
  const report = {
    checked_at: new Date().toISOString(),
    findings: findings.map(({ kind, key, what, remedy }) => ({ kind, subject: key, what, remedy })),
  };
  await folderReports(folder)
    .saveFindings("verify", report)
    .catch((error: unknown) => onProblem(`The findings could not be stored for the read API: ${reasonOf(error)}`));
}
