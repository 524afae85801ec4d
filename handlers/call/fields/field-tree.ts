/** The known fields of the objects at one path. A field that is itself a path of `FieldGroups` may be in neither list. */
export interface FieldGroup {
  /** Fields whose content is in the tables. */
  readonly mapped?: readonly string[];
  /** Fields that are in the raw JSON only. Fields below them are not listed. */
  readonly unmapped?: readonly string[];
}

/**
 * The known fields of a kind of event, by the path of the object that has them: `data.metadata`. `[]` means every entry of
 * a list, `*` every key of a map whose keys the customer chooses. A path may stand for another one, whose objects have
 * the same fields.
 */
export type FieldGroups = Readonly<Record<string, FieldGroup | string>>;

/** What is known of the values at one path. */
export interface FieldTree {
  readonly path: string;
  /** Whether an object with known fields is expected. */
  readonly isObject: boolean;
  /** The fields whose content is not described further. */
  readonly fields: ReadonlyMap<string, "mapped" | "unmapped">;
  readonly nested: ReadonlyMap<string, FieldTree>;
  /** The values of a map. */
  readonly anyKey?: FieldTree;
  /** The entries of a list. */
  readonly entries?: FieldTree;
}

/**
 * Returns a function that returns `groups` as a tree, which is read once for each event. A path that stands for another
 * one leads back into the tree. The tree is built at the first call: the receiver needs none.
 */
export function fieldTree(groups: FieldGroups): () => FieldTree {
  let tree: FieldTree | undefined;
  return () => {
    tree ??= builtTree(groups);
    return tree;
  };
}

function builtTree(groups: FieldGroups): FieldTree {
  const trees = new Map<string, Growing>();
  const treeAt = (path: string): Growing => {
    const known = trees.get(path) ?? newTree(path);
    trees.set(path, known);
    return known;
  };
  for (const [path, group] of Object.entries(groups)) {
    const tree = treeAt(typeof group === "string" ? group : path);
    if (typeof group !== "string") grow(tree, group);
    link(path, tree, treeAt);
  }
  return treeAt("");
}

interface Growing extends FieldTree {
  isObject: boolean;
  readonly fields: Map<string, "mapped" | "unmapped">;
  readonly nested: Map<string, FieldTree>;
  anyKey?: FieldTree;
  entries?: FieldTree;
}

function newTree(path: string): Growing {
  return { path, isObject: false, fields: new Map(), nested: new Map() };
}

function grow(tree: Growing, { mapped = [], unmapped = [] }: FieldGroup): void {
  tree.isObject = true;
  for (const name of mapped) tree.fields.set(name, "mapped");
  for (const name of unmapped) tree.fields.set(name, "unmapped");
}

/** Makes `tree` reachable from the tree of the path above it, and that one from the root. */
function link(path: string, tree: FieldTree, treeAt: (path: string) => Growing): void {
  if (path === "") return;
  const [, above = "", step = path] = /^(.*?)(\[\]|\.\*|(?:^|\.)[^.[\]]+)$/.exec(path) ?? [];
  const parent = treeAt(above);
  if (step === "[]") parent.entries = tree;
  else if (step === ".*") parent.anyKey = tree;
  else parent.nested.set(step.replace(".", ""), tree);
  link(above, parent, treeAt);
}
