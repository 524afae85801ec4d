/** An object as the tree shows it. */
export interface Leaf {
  readonly key: string;
  /** In bytes. */
  readonly size: number;
}

/**
 * `leaves` as a tree of folders, one line a file with its size, in the order in which they come.
 *
 * The archive's own folders, whose names begin with `_`, come last, one line each:
 * what is in them is not for reading.
 */
export function archiveTree(leaves: readonly Leaf[]): string {
  const width = Math.max(...leaves.map(({ key }) => key.length - key.lastIndexOf("/")));
  const folders = [...Map.groupBy(leaves, ({ key }) => key.slice(0, key.lastIndexOf("/")))];
  const ours = folders.filter(([folder]) => folder.startsWith("_"));
  const callers = folders.filter(([folder]) => !folder.startsWith("_"));
  return [
    ...callers.flatMap(([folder, files]) => branch(folder, files, width)),
    ...ours.map(([folder, files]) => summary(folder, files)),
  ].join("\n");
}

function branch(folder: string, files: readonly Leaf[], width: number): string[] {
  const lines = files.map(({ key, size }, index) => {
    const name = key.slice(folder.length + 1);
    return `${index === files.length - 1 ? "└──" : "├──"} ${name.padEnd(width)}${sizeText(size).padStart(9)}`;
  });
  return [`${folder}/`, ...lines];
}

function summary(folder: string, files: readonly Leaf[]): string {
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  return `${folder}/  (${files.length} ${files.length === 1 ? "object" : "objects"}, ${sizeText(bytes)})`;
}

/** In the unit in which it is easiest to read; 1 kB is 1,000 bytes. */
function sizeText(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  return bytes < 1_000_000 ? `${(bytes / 1_000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
