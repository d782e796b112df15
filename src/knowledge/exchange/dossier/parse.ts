import {
  isAlias,
  isMap,
  isNode,
  isSeq,
  Lexer,
  LineCounter,
  parseDocument,
  visit,
  type Document,
} from 'yaml';
import { exactInteger } from '../../values/numbers.js';
import type { Path } from '../../validation/report.js';
import type { DossierIssue } from './issues.js';

/** A dossier: the text of a file, or parsed data. */
export type DossierSource = { name: string; text: string } | { name: string; data: unknown };

export interface Position {
  line: number;
  column: number;
}

export interface ParsedSource {
  data: unknown;
  /** Issues of the text itself; there is no data then. */
  issues: DossierIssue[];
  /** Finds the position of a value, of its key or, if missing, of its parent. */
  locate: (path: Path, at: 'key' | 'value') => Position | undefined;
}

/** Parses YAML, which includes JSON. */
export function parseSource(source: DossierSource): ParsedSource {
  if ('data' in source) return { data: source.data, issues: [], locate: () => undefined };
  const lines = new LineCounter();
  const text = source.text.replace(/^\uFEFF/, '');
  const wrongAt = (position: Position, message: string): ParsedSource => ({
    data: undefined,
    issues: [{ file: source.name, ...position, path: '', message }],
    locate: () => undefined,
  });
  const deepAt = tooDeepAt(text);
  if (deepAt !== undefined) return wrongAt(positionIn(text, deepAt), tooDeep);
  const document = parseDocument(text, {
    lineCounter: lines,
    schema: 'core',
    prettyErrors: false,
    intAsBigInt: true,
  });
  const positionAt = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  const errors = [...document.errors, ...document.warnings];
  const fromStack = errors.filter(({ message }) => message.includes('call stack'));
  const issues = (fromStack.length > 0 ? fromStack.slice(-1) : errors).map(({ pos, message }) => ({
    file: source.name,
    ...positionAt(pos[0]),
    path: '',
    message: fromStack.length > 0 ? tooDeep : yamlMessage(message),
  }));
  if (issues.length > 0) return { data: undefined, issues, locate: () => undefined };
  let data: unknown;
  try {
    data = plainData(document);
  } catch (error) {
    // Thrown for aliases that expand too far, or that contain themselves.
    if (!(error instanceof ReferenceError || error instanceof RangeError)) throw error;
    const message = `${yamlMessage(error.message)}: replace the aliases by their values`;
    return wrongAt(positionAt(firstAliasIn(document)), message);
  }
  return {
    data,
    issues,
    locate: (path, at) => positionAt(offsetOf(document, path, at)),
  };
}

// Private:

/** The maximum depth of nested lists and mappings. */
const maxDepth = 100;

const tooDeep = 'nested too deeply for a dossier';

const marks: ReadonlySet<string> = new Set(['\u0002', '\u0018', '\u001f', '\uFEFF']);

/**
 * Finds flow collections nested too deeply, on which the parser would run out of memory. The lexer
 * does not recurse.
 */
function tooDeepAt(text: string): number | undefined {
  const brackets = /[[{]/g;
  let count = 0;
  while (count <= maxDepth && brackets.test(text)) count++;
  if (count <= maxDepth) return undefined;
  let [depth, offset] = [0, 0];
  for (const token of new Lexer().lex(text)) {
    if (token === '[' || token === '{') depth++;
    if (token === ']' || token === '}') depth--;
    if (depth > maxDepth) return offset;
    // The lexer marks the start of documents and scalars with characters that are not in the text.
    if (!marks.has(token)) offset += token.length;
  }
  return undefined;
}

function positionIn(text: string, offset: number): Position {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

function firstAliasIn(document: Document): number {
  let offset = 0;
  visit(document, {
    Alias: (_, node) => {
      offset = startOf(node) ?? 0;
      return visit.BREAK;
    },
  });
  return offset;
}

const yamlMessage = (message: string) => `${message.trim().replace(/\.$/, '')} (YAML syntax)`;

/** Limits the expansion of aliases ("billion laughs"). */
function plainData(document: Document): unknown {
  // Checked before conversion to data, as an alias may contain itself.
  visit(document, {
    Scalar: (_key, node) => {
      node.value = exactInteger(node.value);
    },
  });
  return document.toJS({ maxAliasCount: 100 });
}

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
