/** Recognizes facts, which have no slugs, by their fields. */
import type { ExistingRecords } from './existing.js';
import type { Registry } from './registry.js';
import type { RecordEntry } from './walk.js';

interface KnownFact {
  id: string;
  deletedAt: Date | null;
  deletionReason: string | null;
}

/** Finds the existing facts of the knowledge base for entries of a set of records. */
export function indexFacts(
  known: ExistingRecords,
  registry: Registry,
): (entry: RecordEntry) => KnownFact | undefined {
  const facts = new Map<string, KnownFact>();
  for (const fact of known.positions) {
    const { personId, organizationId, title, start } = fact;
    facts.set(keyOf('positions', personId, organizationId, title, start), fact);
  }
  for (const fact of known.memberships) {
    const { memberId, organizationId, role, start } = fact;
    facts.set(keyOf('memberships', memberId, organizationId, role, start), fact);
  }
  for (const fact of known.statements) {
    const { articleId, speakerId, text } = fact;
    facts.set(keyOf('statements', articleId, speakerId, text), fact);
  }
  return (entry) => facts.get(keyInSet(entry, registry));
}

// Private:

const keyOf = (...parts: unknown[]): string => JSON.stringify(parts.map((part) => part ?? null));

function keyInSet({ recordType, record }: RecordEntry, registry: Registry): string {
  const entity = (slug: unknown) => registry.find(String(slug), 'PERSON')?.id;
  const { person, organization, title, start, member, role, article, speaker, text } = record;
  if (recordType === 'positions') {
    return keyOf(recordType, entity(person), entity(organization), title, start);
  }
  if (recordType === 'memberships') {
    return keyOf(recordType, entity(member), entity(organization), role, start);
  }
  const articleId = registry.find(String(article), 'ARTICLE')?.id;
  return keyOf(recordType, articleId, entity(speaker), text);
}
