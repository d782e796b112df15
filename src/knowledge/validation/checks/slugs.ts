/** Checks that every slug is declared once, exists, and has the required type. */
import { schemeName, worldwideScheme } from '../../values/schemes.js';
import { closestTo, suggestion } from '../didYouMean.js';
import { slugKey } from '../../model/erasureKeys.js';
import { identifierNamed } from '../erasedKeys.js';
import type { RecordSet } from '../schemas.js';
import type { ExistingRecords } from '../existing.js';
import { formatPath, show, type Path, type Report } from '../report.js';
import type { Registry } from '../registry.js';
import { linksOf, recordsOf, referencesOf, type RecordEntry } from '../walk.js';
import {
  type LinkTarget,
  describeTargets,
  linkTargetOf,
  spaceOf,
} from '../../model/recordTypes.js';

export function checkSlugs(
  set: RecordSet,
  { erased }: ExistingRecords,
  registry: Registry,
  report: Report,
): void {
  const declared = new Map<string, Path>();
  let missing = 0;
  const find: Lookup = (slug, targets, at, record = {}) => {
    const why = erased.get(keyOf(slug, targets));
    const link = { slug, targets, at, mayBeDeleted: isExported(record), erased: why };
    if (!checkLink(link, registry, report, missing < maxHints)) missing++;
  };
  if (set.cite) find(set.cite, ['ARTICLE'], ['cite']);
  for (const entry of recordsOf(set)) {
    checkDeclaration(entry, declared, registry, report);
    const linked = new Set<string>();
    for (const { field, slug, targets, at } of linksOf(entry)) {
      find(slug, targets, at, entry.record);
      if (linked.has(`${field} ${slug}`)) {
        report(at, 'DUPLICATE', `"${field}" names ${show(slug)} twice`);
      }
      linked.add(`${field} ${slug}`);
    }
    for (const { reference, at } of referencesOf(entry, set)) {
      if (reference.article) {
        find(reference.article, ['ARTICLE'], [...at, 'article'], entry.record);
      }
    }
  }
}

// Private:

/** The maximum number of suggestions, which take time to find. */
const maxHints = 100;

type Lookup = (slug: string, targets: readonly LinkTarget[], at: Path, record?: object) => void;

function checkDeclaration(
  { recordType, record, path }: RecordEntry,
  declared: Map<string, Path>,
  registry: Registry,
  report: Report,
): void {
  const target = linkTargetOf(recordType);
  const { slug } = record;
  if (!target || typeof slug !== 'string') return;
  const at = [...path, 'slug'];
  const key = `${spaceOf(target)} ${slug}`;
  const earlier = declared.get(key);
  if (earlier) {
    const message = `the slug ${show(slug)} is declared twice, first at ${formatPath(earlier)}`;
    report(at, 'DUPLICATE', message);
    return;
  }
  declared.set(key, path);
  const { id, known } = registry.declared(slug, target) ?? {};
  const same = declared.get(`id ${id}`);
  if (same) {
    const message = `${show(slug)} was merged into the record at ${formatPath(same)}: keep one`;
    report(at, 'DUPLICATE', message);
  }
  declared.set(`id ${id}`, path);
  if (known && known.target !== target) {
    const is = describeTargets([known.target]);
    const message = `${show(slug)} is ${is} in the knowledge base: choose another slug`;
    report(at, 'DUPLICATE', message);
  }
  if (known?.deleted && !record['deletedAt']) {
    report(at, 'WRONG_STATE', deletedMessage(slug, known.deleted));
  }
}

interface Link {
  slug: string;
  targets: readonly LinkTarget[];
  at: Path;
  mayBeDeleted: boolean;
  /** The reason, if the record was erased. */
  erased: string | undefined;
}

/** Whether the record comes from another knowledge base, where linked records may be deleted. */
const isExported = (record: { id?: unknown }): boolean => record.id !== undefined;

const keyOf = (slug: string, [target = 'ARTICLE']: readonly LinkTarget[]): string =>
  slug.includes(':') ? identifierNamed(slug) : slugKey(spaceOf(target), slug);

/** Returns whether the record exists. */
function checkLink(
  { slug, targets, at, mayBeDeleted, erased }: Link,
  registry: Registry,
  report: Report,
  hinted: boolean,
): boolean {
  const [target = 'ARTICLE'] = targets;
  const found = registry.find(slug, target);
  const need = describeTargets(targets);
  if (!found && erased !== undefined) {
    const message = `${show(slug)} was erased from the knowledge base (${erased}): leave it out`;
    report(at, 'ERASED', message);
  } else if (!found) {
    const nearest = hinted && !slug.includes(':') ? closestTo(slug, registry.slugs(target)) : [];
    const types = need.replace(/^an? /, '').replaceAll(/ or an? /g, ' or ');
    const name = slug.includes(':') ? 'identifier' : 'slug';
    report(
      at,
      'UNKNOWN_RECORD',
      `no ${types} has the ${name} ${show(slug)}${suggestion(nearest)}: declare it or correct the ${name}${withinSource(slug)}`,
      { nearest },
    );
  } else if (!targets.includes(found.target)) {
    const message = `${show(slug)} is ${describeTargets([found.target])}, but ${need} is needed here`;
    report(at, 'WRONG_TYPE', message);
  } else if (found.known?.deleted && !found.path && !mayBeDeleted) {
    report(at, 'WRONG_STATE', deletedMessage(slug, found.known.deleted));
  }
  return found !== undefined;
}

/** Advice for identifiers that are unique only within a source: the files may need the same one. */
function withinSource(name: string): string {
  const scheme = /^(?:[A-Z]\w*:(?=[^:]+:))?([^:]+):/.exec(name)?.[1];
  return scheme === undefined || worldwideScheme(schemeName(scheme))
    ? ''
    : `; identifiers of the scheme ${show(schemeName(scheme))} are unique only within their source: files of one publisher need the same --source`;
}

const deletedMessage = (slug: string, reason: string) =>
  `${show(slug)} was deleted (${reason}): restore it first, or leave it out`;
