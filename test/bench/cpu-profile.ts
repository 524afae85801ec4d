/** The parts of a V8 CPU profile that are read here. */
export interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string };
  }[];
  /** The ids of the nodes that ran, and how long after each other, in microseconds. */
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

/** The number of parts that are listed. */
const LISTED = 8;

/** Where a process spent its time, as one line: the largest parts of the busy time, in percent. */
export function profileText({ nodes, samples, timeDeltas }: CpuProfile): string {
  const names = new Map(nodes.map(({ id, callFrame }) => [id, partOf(callFrame.functionName, callFrame.url)]));
  const times = new Map<string, number>();
  for (const [index, id] of samples.entries()) {
    const name = names.get(id);
    if (name === undefined) continue;
    times.set(name, (times.get(name) ?? 0) + (timeDeltas[index] ?? 0));
  }
  const total = [...times.values()].reduce((sum, time) => sum + time, 0);
  const largest = [...times].sort(([, one], [, other]) => other - one).slice(0, LISTED);
  return largest.map(([name, time]) => `${name} ${Math.round((100 * time) / total)} %`).join(", ");
}

/** The part of the program that a function belongs to; `undefined` for a process that waits. */
function partOf(functionName: string, url: string): string | undefined {
  if (functionName === "(idle)") return undefined;
  if (functionName === "(garbage collector)") return "garbage collection";
  if (functionName === "(program)") return "outside of JavaScript";
  if (url === "") return functionName === "" ? "native code" : `native ${functionName}`;
  if (url.startsWith("node:")) return "Node's modules";
  const [, inPackage] = /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url) ?? [];
  const [, ours] = /\/((?:handlers|infrastructure|queries)(?:\/\w+){1,2})\/[^/]+$/.exec(url) ?? [];
  return inPackage ?? ours ?? "other code";
}
