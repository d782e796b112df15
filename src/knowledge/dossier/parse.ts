import { isAlias, isMap, isNode, isSeq, LineCounter, parseDocument, type Document } from 'yaml';
import type { Path } from '../records/report.js';
import type { DossierIssue } from './issues.js';

/** A dossier as it comes: the text of a file, or data that somebody has parsed already. */
export type DossierSource = { name: string; text: string } | { name: string; data: unknown };

export interface Position {
  line: number;
  column: number;
}

export interface ParsedSource {
  data: unknown;
  /** What is wrong with the text itself; then there is no data. */
  issues: DossierIssue[];
  /** Where a value stands, or its key; where it is missing: what it is missing in. */
  locate: (path: Path, at: 'key' | 'value') => Position | undefined;
}

/** Reads YAML, of which JSON is a part. */
export function parseSource(source: DossierSource): ParsedSource {
  if ('data' in source) return { data: source.data, issues: [], locate: () => undefined };
  const lines = new LineCounter();
  const document = parseDocument(source.text.replace(/^\uFEFF/, ''), {
    lineCounter: lines,
    schema: 'core',
    prettyErrors: false,
  });
  const positionAt = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  const errors = [...document.errors, ...document.warnings];
  const tooDeep = errors.filter(({ message }) => message.includes('call stack'));
  const issues = (tooDeep.length > 0 ? tooDeep.slice(-1) : errors).map(({ pos, message }) => ({
    file: source.name,
    ...positionAt(pos[0]),
    path: '',
    message: tooDeep.length > 0 ? 'nested too deeply for a dossier' : yamlMessage(message),
  }));
  if (issues.length > 0) return { data: undefined, issues, locate: () => undefined };
  return {
    data: plainData(document),
    issues,
    locate: (path, at) => positionAt(offsetOf(document, path, at)),
  };
}

// Private:

const yamlMessage = (message: string) => `${message.trim().replace(/\.$/, '')} (YAML syntax)`;

/** Aliases may be used, but not to blow up a small file into a huge one. */
const plainData = (document: Document): unknown => document.toJS({ maxAliasCount: 100 });

function offsetOf(document: Document, path: Path, at: 'key' | 'value'): number {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  path.forEach((step, i) => {
    if (isAlias(node)) node = node.resolve(document);
    const pair = isMap(node)
      ? node.items.find(({ key }) => nameOf(key) === String(step))
      : undefined;
    const wantsKey = at === 'key' && i === path.length - 1;
    node = isSeq(node) ? node.items[Number(step)] : wantsKey ? pair?.key : pair?.value;
    offset = startOf(node) ?? startOf(pair?.key) ?? offset;
  });
  return offset;
}

const startOf = (node: unknown): number | undefined =>
  isNode(node) && node.range ? node.range[0] : undefined;

const nameOf = (key: unknown): string =>
  typeof key === 'object' && key !== null && 'value' in key ? String(key.value) : String(key);
