import type { DoctorFinding } from "../../../handlers/doctor/doctor-finding.ts";

/** Formats the findings, aligned, one line each. A remedy is on the next line. */
export function findingLines(findings: readonly DoctorFinding[]): string {
  const width = Math.max(...findings.map(({ subject }) => subject.length));
  const lines = findings.flatMap(({ level, subject, detail, todo }) => {
    const line = `${level.padEnd(5)}  ${subject.padEnd(width)}  ${detail}`;
    return todo === undefined ? [line] : [line, `${" ".repeat(width + 9)}→ ${todo}`];
  });
  return `${lines.join("\n")}\n`;
}
