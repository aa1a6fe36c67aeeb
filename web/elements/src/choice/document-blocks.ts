// The blocks of a document analysis, as Amazon Textract lists them: words, lines, and sets of key and value that refer to
// words by id. Names come as the service writes them (`BlockType`) or in Augmented AI's way (`blockType`).

export interface Point {
  x: number;
  y: number;
}

export interface Block {
  [property: string]: unknown;
}

/** One line of the form: a key and its value, each with where it stands in the document (0 to 1). */
export interface Pair {
  key: Block;
  value: Block | undefined;
  keyText: string;
  valueText: string;
  outline: Point[];
}

/** Reads a property under either way of writing its name. */
export function read(block: Block, name: string): unknown {
  return block[name] ?? block[name[0]!.toUpperCase() + name.slice(1)];
}

/** Writes a property under the name that the block already uses. */
export function write(block: Block, name: string, value: unknown): Block {
  const upper = name[0]!.toUpperCase() + name.slice(1);
  const usesUpper = 'BlockType' in block;
  return { ...block, [usesUpper ? upper : name]: value };
}

export function pairsOf(blocks: readonly Block[]): Pair[] {
  const byId = new Map(blocks.map((block) => [read(block, 'id'), block]));
  return blocks.filter(isKey).map((key) => {
    const [value] = related(key, 'VALUE', byId);
    return {
      key,
      value,
      keyText: textOf(key, byId),
      valueText: value ? textOf(value, byId) : '',
      outline: outlineOf(value ?? key),
    };
  });
}

function isKey(block: Block): boolean {
  const types = read(block, 'entityTypes');
  return read(block, 'blockType') === 'KEY_VALUE_SET' && Array.isArray(types) && types.includes('KEY');
}

function related(block: Block, kind: string, byId: ReadonlyMap<unknown, Block>): Block[] {
  const relationships = (read(block, 'relationships') as Block[] | null) ?? [];
  const ids = relationships
    .filter((relationship) => read(relationship, 'type') === kind)
    .flatMap((relationship) => (read(relationship, 'ids') as unknown[] | undefined) ?? []);
  return ids.flatMap((id): Block[] => (byId.has(id) ? [byId.get(id)!] : []));
}

function textOf(block: Block, byId: ReadonlyMap<unknown, Block>): string {
  const own = read(block, 'text');
  if (typeof own === 'string') return own;
  return related(block, 'CHILD', byId)
    .map((word) => read(word, 'text') ?? (read(word, 'selectionStatus') === 'SELECTED' ? '☑' : '☐'))
    .join(' ');
}

function outlineOf(block: Block): Point[] {
  const geometry = read(block, 'geometry') as Block | undefined;
  const polygon = geometry && (read(geometry, 'polygon') as Block[] | undefined);
  return (polygon ?? []).map((point) => ({ x: Number(read(point, 'x')), y: Number(read(point, 'y')) }));
}
