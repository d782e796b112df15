/** The tool `facts`: what is known about an entity, each fact with the passages that prove it. */
import { isEnumType, type GraphQLSchema } from 'graphql';
import { z } from 'zod';
import { compact, named, Sources, write } from '../answer.js';
import { fit, tokensArgument } from '../budget.js';
import { cursorArgument, leftOf, positionAt } from '../cursor.js';
import { entityNamed } from '../entities.js';
import { factItem, type FactData } from '../factItems.js';
import { readFacts } from '../operations.js';
import type { Json } from '../reader.js';
import { defineTool } from '../tool.js';
import { ToolError } from '../toolError.js';

/** The facts about an entity, by the field of GraphQL that lists them, and the enum of their kinds. */
const subjects = {
  offices: { kinds: 'OfficeKind', filter: 'officeFilter', argument: 'kind' },
  accreditedOffices: { kinds: 'OfficeKind', filter: 'officeFilter', argument: 'kind' },
  positions: { kinds: 'PositionKind', filter: 'positionFilter', argument: 'kind' },
  members: { kinds: 'MembershipRole', filter: 'membershipFilter', argument: 'role' },
  memberships: { kinds: 'MembershipRole', filter: 'membershipFilter', argument: 'role' },
  statements: { kinds: 'StatementKind', filter: 'statementFilter', argument: 'kind' },
  statementsAbout: { kinds: 'StatementKind', filter: 'statementFilter', argument: 'kind' },
  events: { kinds: 'EventKind', filter: 'eventFilter', argument: 'kind' },
} as const;

type Subject = keyof typeof subjects;

export const subjectNames = Object.keys(subjects) as Subject[];

/** What holds over time, and can be selected by a date. */
const dated = ['officeFilter', 'positionFilter', 'membershipFilter'] as const;

const input = z.strictObject({
  entity: z.string().min(1).max(300).describe('Slug, id or name, such as nato'),
  include: z
    .array(z.enum(subjectNames))
    .min(1)
    .optional()
    .describe('Default: all. statements: by the entity; statementsAbout: about it'),
  kind: z
    .array(z.string().max(100))
    .min(1)
    .max(20)
    .optional()
    .describe('With one include: LIAISON, EMBASSY, AMBASSADOR, MEMBER, PARTNER, DIRECT …'),
  asOf: z
    .string()
    .max(40)
    .optional()
    .describe('Only offices, positions and memberships of this date: 2023, 2023-05, 2023-05-03'),
  after: cursorArgument.describe('With one include: a cursor from `more`'),
  maxTokens: tokensArgument,
});

export const facts = defineTool({
  name: 'facts',
  title: 'Facts about an entity',
  description:
    'Facts about one organization, person, office or place, each with the passages that prove it, or "none". For example its liaison offices: {"entity":"nato","include":["offices"],"kind":["LIAISON"]}.',
  input,
  async run({ entity: given, include = subjectNames, kind, asOf, after, maxTokens }, reader) {
    const only = include.length === 1 ? include[0] : undefined;
    if (!only && (kind ?? after) !== undefined) {
      throw new ToolError(
        `kind and after need exactly one include, such as ["offices"]: one of ${subjectNames.join(', ')}.`,
      );
    }
    const position = positionAt(after);
    const found = await entityNamed(reader, given);
    const entity = named(found);
    const data = await reader.read<{ entity: Lists | FactData | null }>(readFacts, {
      slug: found.slug,
      first: only ? pageOfOne : pageOfMany,
      after: position.after,
      ...Object.fromEntries(subjectNames.map((name) => [name, include.includes(name)])),
      ...Object.fromEntries(dated.map((filter) => [filter, asOf && { asOf }])),
      ...(only && kind && filterOf(reader.schema, only, kind, asOf)),
    });
    const groups = groupsOf(data.entity, include);
    const order = inTurn(groups);
    return fit(order.length, maxTokens, (count, detail) => {
      const shown = new Map<Subject, FactData[]>();
      for (const { subject, fact } of order.slice(0, count)) {
        shown.set(subject, [...(shown.get(subject) ?? []), fact]);
      }
      const sources = new Sources(reader, detail);
      const lists = [...shown].map(([subject, list]) => [
        subject,
        list.map((fact) => without(entity, factItem(fact, sources, detail))),
      ]);
      const left = groups.map((group) => {
        const number = shown.get(group.subject)?.length ?? 0;
        return { subject: group.subject, rest: leftOf(group, number, position) };
      });
      return write({
        ...{ entity, id: found.id },
        facts: order.length ? undefined : 'none',
        ...(Object.fromEntries(lists) as Record<string, Json>),
        sources: sources.toJSON(),
        more: only ? restOfOne(left[0]?.rest) : restOfMany(left),
      });
    });
  },
});

// Private:

const pageOfOne = 40;
const pageOfMany = 8;

interface Connection {
  totalCount: number;
  edges: { cursor: string; node: FactData }[];
}

type Lists = Partial<Record<Subject, Connection>>;

interface Group {
  subject: Subject;
  totalCount: number;
  edges: Connection['edges'];
}

/** Without the entity that all facts are about, except where it is the fact itself. */
const without = (entity: string | undefined, item: Record<string, Json>): Record<string, Json> =>
  compact(
    Object.fromEntries(Object.entries(item).filter(([, value], i) => i === 0 || value !== entity)),
  );

type Rest = ReturnType<typeof leftOf>;

const restOfOne = (rest: Rest) =>
  rest && { ...rest, how: 'the same arguments and this after, or more maxTokens' };

/** Cursors of all lists would take a large part of a small answer. */
function restOfMany(left: readonly { subject: Subject; rest: Rest }[]) {
  const counts = left.flatMap(({ subject, rest }) => (rest ? [[subject, rest.left] as const] : []));
  return counts.length
    ? { ...Object.fromEntries(counts), how: 'one of these as include, or more maxTokens' }
    : undefined;
}

/** An office is its own fact; other entities have lists. */
function groupsOf(entity: Lists | FactData | null, include: readonly Subject[]): Group[] {
  if (!entity) return [];
  const own: Group[] =
    '__typename' in entity
      ? [{ subject: 'offices', totalCount: 1, edges: [{ cursor: '', node: entity }] }]
      : [];
  const lists = include.flatMap((subject): Group[] => {
    const list = (entity as Lists)[subject];
    return list ? [{ subject, ...list }] : [];
  });
  return [...own, ...lists];
}

/** The first of each group, then the second of each …, so that each is represented. */
function inTurn(groups: readonly Group[]): { subject: Subject; fact: FactData }[] {
  const longest = Math.max(0, ...groups.map(({ edges }) => edges.length));
  return Array.from({ length: longest }, (_, i) => i).flatMap((i) =>
    groups.flatMap(({ subject, edges }) => {
      const edge = edges[i];
      return edge ? [{ subject, fact: edge.node }] : [];
    }),
  );
}

/** The filter by kind. */
function filterOf(
  schema: GraphQLSchema,
  subject: Subject,
  kind: readonly string[],
  asOf: string | undefined,
): Record<string, unknown> {
  const { kinds, filter, argument } = subjects[subject];
  const type = schema.getType(kinds);
  const values = isEnumType(type) ? type.getValues().map(({ name }) => name) : [];
  const unknown = kind.filter((each) => !values.includes(each));
  if (unknown.length) {
    throw new ToolError(
      `${unknown.join(', ')} is no kind of ${subject}. There are: ${values.join(', ')}.`,
    );
  }
  const isDated = (dated as readonly string[]).includes(filter);
  return { [filter]: { [argument]: kind, ...(isDated && asOf !== undefined && { asOf }) } };
}
