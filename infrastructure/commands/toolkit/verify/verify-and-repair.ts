import { INDEX, parsedKey } from "../../../../handlers/call/keys.ts";
import { type ArchiveFinding, isNotice, type Verified } from "../../../../handlers/verify/archive-finding.ts";
import type { VerifyDeps } from "../../../../handlers/verify/verify-deps.ts";
import type { OpenDeployment } from "../deployment/deployment.ts";
import { fetchAgain } from "./fetch-again.ts";
import { newRepairs, type Repaired, type Repairs, repairAll, verifyRepaired } from "./repair.ts";

/** How to verify and repair, and what to show meanwhile. */
export interface VerifyOptions {
  /** The archive to repair; `undefined` to change nothing. */
  readonly openDeployment: OpenDeployment | undefined;
  readonly deps: VerifyDeps;
  /** Shows the results of the first check, and of the second one after repairs, while they are read. */
  readonly show: (results: AsyncIterable<Verified>) => AsyncIterable<Verified>;
  /** Called with a line for each call that could not be fetched again. */
  readonly onNotFetched: (line: string) => void;
  /** Called before the repairs. Returns what to call for each object that is processed again. */
  readonly onRepair: (repairs: Repairs) => () => void;
  readonly onRepaired: (repaired: Repaired) => void;
  /** Objects that are processed again per second; `undefined` for no limit. */
  readonly rate: number | undefined;
  readonly stop: AbortSignal;
}

/** The state of the archive after all checks. */
export interface Verification {
  /** Whether nothing needs a person or a repair. */
  readonly isClean: boolean;
  /** The findings that remain, with notices, in the order of their keys. */
  readonly findings: readonly ArchiveFinding[];
  /** How many objects and days were checked. */
  readonly checked: number;
  /** Whether `stop` ended the first check before its end. */
  readonly isStopped: boolean;
}

/** Reads all `results`, repairs what can be repaired, and checks that again. */
export async function verifyAndRepair(results: AsyncIterable<Verified>, options: VerifyOptions): Promise<Verification> {
  const { openDeployment, deps, show, onNotFetched, onRepair, onRepaired, rate, stop } = options;
  const remaining = new Map<string, readonly ArchiveFinding[]>();
  const first = await check(show(results), remaining, stop);
  const verification = (isClean: boolean, isStopped = false): Verification => {
    const keys = [...remaining.keys()].sort();
    return { isClean, isStopped, checked: first.checked, findings: keys.flatMap((key) => remaining.get(key) ?? []) };
  };
  if (first.isStopped) return verification(false, true);
  const fetched = openDeployment ? await fetchAgain(first.toFetch, openDeployment, deps, onNotFetched) : [];
  const isRest = first.isWhole && first.toFetch.length === fetched.length;
  if (first.found.count + fetched.length === 0) return verification(isRest);
  if (!openDeployment) return verification(false);

  const { repairs } = first.found;
  const repaired = await repairAll(repairs, openDeployment, deps.secrets, {
    fetched: fetched.length,
    rate,
    stop,
    onRePut: onRepair(repairs),
  });
  onRepaired(repaired);
  if (repaired.elsewhere.length > 0 || repaired.left > 0 || stop.aborted) return verification(false);
  const conversations = new Set(fetched.map((key) => parsedKey(key)?.conversation));
  const refetched = first.toFetch.filter((about) => conversations.has(conversationOf(about)));
  for (const key of [...Object.values(repairs).flat(), ...refetched]) remaining.delete(key);
  const second = await check(show(verifyRepaired(repairs, deps, fetched)), remaining, stop);
  return verification(isRest && second.isWhole && second.found.count + second.toFetch.length === 0);
}

function conversationOf(about: string): string | undefined {
  return about.startsWith(INDEX) ? about.slice(INDEX.length) : parsedKey(about)?.conversation;
}

/**
 * Reads `results` until `stop`. Returns the keys to repair, the calls to fetch again, and whether nothing else was
 * found. Keeps only these keys in memory, and the findings in `remaining`.
 */
async function check(
  results: AsyncIterable<Verified>,
  remaining: Map<string, readonly ArchiveFinding[]>,
  stop: AbortSignal,
) {
  const found = newRepairs();
  const toFetch: string[] = [];
  let [checked, isWhole] = [0, true];
  for await (const each of results) {
    if (stop.aborted) return { found, toFetch, isWhole, checked, isStopped: true };
    checked += (each.counts.objects ?? 0) + (each.counts.days ?? 0);
    if (each.findings.length > 0) remaining.set(each.key, each.findings);
    found.add(each);
    if (each.findings.some(({ isFetchable }) => isFetchable)) toFetch.push(each.key);
    if (each.findings.some(needsOperator)) isWhole = false;
  }
  return { found, toFetch, isWhole, checked, isStopped: false };
}

function needsOperator(finding: ArchiveFinding): boolean {
  return !finding.isRepairable && !finding.isFetchable && !isNotice(finding);
}
