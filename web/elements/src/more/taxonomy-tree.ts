// A tree of categories as a flat list in reading order.
import type { Json } from '../base/loose-json.js';
import { moreStrings } from './strings.js';

export interface TreeNode {
  id: string;
  name: string;
  path: string[];
  /** Place in the list of the node above, -1 for a root. */
  parent: number;
  depth: number;
  isBranch: boolean;
  /** What a search looks into: the path, folded. */
  folded: string;
}

const between = ' > ';

/**
 * Reads a tree written as nested `{name, id?, children?}`, as nested `{name: {...}}` objects, as strings, or as paths
 * "A > B > C". An `id` that is missing is the path.
 */
export function readTree(given: unknown): TreeNode[] {
  if (given === undefined) return [];
  if (given === null || typeof given !== 'object') throw new TypeError(moreStrings.noTree);
  const nodes: TreeNode[] = [];
  const root =
    Array.isArray(given) && given.every((entry) => typeof entry === 'string') ? nest(given) : (given as Json);
  addAll(nodes, root, [], -1);
  return nodes;
}

function nest(paths: readonly string[]): Json {
  const root: { [key: string]: Json } = {};
  for (const path of paths) {
    let place = root;
    for (const name of path.split(between.trim()).map((part) => part.trim())) {
      place = (place[name] ??= {}) as { [key: string]: Json };
    }
  }
  return root;
}

function addAll(nodes: TreeNode[], given: Json, path: string[], parent: number): void {
  if (Array.isArray(given)) for (const entry of given) addEntry(nodes, entry, path, parent);
  else if (given !== null && typeof given === 'object') {
    for (const [name, children] of Object.entries(given)) add(nodes, name, undefined, children, path, parent);
  }
}

function addEntry(nodes: TreeNode[], entry: Json, path: string[], parent: number): void {
  if (entry === null || typeof entry !== 'object' || Array.isArray(entry)) {
    return add(nodes, String(entry), undefined, null, path, parent);
  }
  const name = String(entry['name'] ?? entry['label'] ?? entry['id'] ?? '');
  add(nodes, name, entry['id'], entry['children'] ?? null, path, parent);
}

function add(
  nodes: TreeNode[],
  name: string,
  id: Json | undefined,
  children: Json,
  above: string[],
  parent: number,
): void {
  const path = [...above, name];
  const joined = path.join(between);
  const own = nodes.length;
  const node = {
    id: String(id ?? joined),
    name,
    path,
    parent,
    depth: above.length,
    isBranch: false,
    folded: fold(joined),
  };
  nodes.push(node);
  addAll(nodes, children, path, own);
  node.isBranch = nodes.length > own + 1;
}

/** Without case and accents, so that "cafe" finds "Café". */
export function fold(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}

/** Nodes whose path has all words of the search; those whose own name has them come first. */
export function searchTree(nodes: readonly TreeNode[], search: string): number[] {
  const words = fold(search).split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  const found = [...nodes.keys()].filter((index) => words.every((word) => nodes[index]!.folded.includes(word)));
  const isOwn = (index: number): boolean => words.every((word) => fold(nodes[index]!.name).includes(word));
  return [...found.filter(isOwn), ...found.filter((index) => !isOwn(index))];
}
