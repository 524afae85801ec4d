/** An object in the tree. */
export interface Leaf {
  readonly key: string;
  /** In bytes. */
  readonly size: number;
}

/**
 * Draws `leaves` as a tree of folders in the given order, with one line per file and its size.
 *
 * The archive's internal folders, whose names begin with `_`, come last, with one line each.
 */
export function archiveTree(leaves: readonly Leaf[]): string {
  const width = Math.max(...leaves.map(({ key }) => key.length - key.lastIndexOf("/")));
  const folders = [...Map.groupBy(leaves, ({ key }) => key.slice(0, key.lastIndexOf("/")))];
  const internal = folders.filter(([folder]) => folder.startsWith("_"));
  const callers = folders.filter(([folder]) => !folder.startsWith("_"));
  return [
    ...callers.flatMap(([folder, files]) => branch(folder, files, width)),
    ...internal.map(([folder, files]) => summary(folder, files)),
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

/** Formats a size in the unit that is easiest to read; 1 kB is 1,000 bytes. */
function sizeText(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  return bytes < 1_000_000 ? `${(bytes / 1_000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
