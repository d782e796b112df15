/** Edits as editors might make them, in any order, on what they and others have made so far. */
import { Random } from '../../support/random.js';

export interface RandomEdit {
  /** Identifies the edit; it is both the reason in history and the idempotency key. */
  token: string;
  query: string;
  variables: Record<string, unknown>;
  /** How many records change where it is carried out; 0 where there may be nothing to do. */
  records: number;
  /** A text that is in the history of the change then. */
  text?: string;
  /** Takes note of what it made. */
  learn: (result: EditResult) => void;
}

export interface EditResult extends Record<string, unknown> {
  __typename: string;
  changeId?: string;
}

/** What is known to be there, by whichever editor. */
export class World {
  readonly people: string[] = [];
  readonly organizations: string[] = [];
  readonly articles: string[] = [];
  readonly positions: string[] = [];
  readonly drafts: string[] = [];
  readonly changes: string[] = [];

  get all(): string[] {
    return [this.people, this.organizations, this.articles, this.positions].flat();
  }
}

/** What an article says: passages of one text are found in the others, too. */
export const bodyOf = (title: string): string =>
  `${title}. ${Array.from({ length: sentences }, (_, i) => sentence(i)).join(' ')}`;

/** One of the edits, chosen by what the seed says. */
export function randomEdits(world: World, seed: number, name: string): () => RandomEdit {
  const numbers = new Random(seed);
  const random = (limit: number) => numbers.below(limit);
  const any = <Item>(items: readonly Item[]): Item | undefined => items[random(items.length)];
  let count = 0;

  const create = (type: 'Person' | 'Organization' | 'Article', token: string): RandomEdit => {
    const isDraft = random(4) === 0;
    const text = `${type} ${token}`;
    const input = {
      Person: { name: text, birthDate: `19${10 + random(90)}` },
      Organization: { name: text, kind: 'COMPANY' },
      Article: { title: text, body: bodyOf(text) },
    }[type];
    const known = {
      Person: world.people,
      Organization: world.organizations,
      Article: world.articles,
    };
    return {
      ...call(token, `create${type}`, `${type}Payload`, {
        input: [`Create${type}Input!`, input],
        publicationStatus: ['PublicationStatus', isDraft ? 'DRAFT' : 'PUBLISHED'],
      }),
      records: 1,
      text,
      learn: (result) => {
        const id = idIn(result);
        if (!id) return;
        known[type].push(id);
        if (isDraft) world.drafts.push(id);
      },
    };
  };

  const makers: [weight: number, make: (token: string) => RandomEdit | undefined][] = [
    [6, (token) => create('Person', token)],
    [4, (token) => create('Organization', token)],
    [3, (token) => create('Article', token)],
    [
      8,
      (token) => {
        const [person, organization] = [any(world.people), any(world.organizations)];
        if (!person || !organization) return undefined;
        const text = `Post ${token}`;
        const input = { person, organization, title: text, kind: 'OTHER', start: '2020' };
        return {
          ...call(token, 'createPosition', 'PositionPayload', {
            input: ['CreatePositionInput!', input],
          }),
          records: 1,
          text,
          learn: (result) => {
            const id = idIn(result);
            if (id) world.positions.push(id);
          },
        };
      },
    ],
    [
      16,
      (token) => {
        const id = any(world.people);
        if (!id) return undefined;
        const text = `A person of ${token}`;
        return {
          ...call(token, 'updatePerson', 'PersonPayload', {
            id: ['ID!', id],
            input: ['UpdatePersonInput!', { description: text }],
            ...(random(3) === 0 && { expectedRevision: ['Int', 1 + random(3)] }),
          }),
          records: 1,
          text,
        };
      },
    ],
    [
      4,
      (token) => {
        const id = any(world.articles);
        if (!id) return undefined;
        const text = `Anew ${token}`;
        const body = bodyOf(text).slice(0, 200 + random(600));
        return {
          ...call(token, 'updateArticle', 'ArticlePayload', {
            id: ['ID!', id],
            input: ['UpdateArticleInput!', { title: text, body }],
          }),
          records: 1,
          text,
        };
      },
    ],
    [
      12,
      (token) => {
        const [target, article] = [any([...world.positions, ...world.people]), any(world.articles)];
        if (!target || !article) return undefined;
        return {
          ...call(token, 'cite', 'RecordPayload', {
            input: ['CiteInput!', { target, article, exact: sentence(random(sentences)) }],
          }),
          records: 0,
        };
      },
    ],
    [6, (token) => onRecord(token, 'delete', any(world.all))],
    [6, (token) => onRecord(token, 'restore', any(world.all))],
    [3, (token) => onRecord(token, 'publish', any(world.drafts))],
    [2, (token) => onRecord(token, 'reject', any(world.drafts))],
    [
      5,
      (token) => {
        const kind = any([world.people, world.organizations, world.articles]) ?? [];
        const [from, into] = [any(kind), any(kind)];
        if (!from || !into) return undefined;
        return {
          ...call(token, 'merge', 'MergePayload', { from: ['ID!', from], into: ['ID!', into] }),
          records: 1,
        };
      },
    ],
    [
      6,
      (token) => {
        const id = any(world.all);
        return id
          ? {
              ...call(token, 'revert', 'RecordPayload', {
                id: ['ID!', id],
                toRevision: ['Int!', 1 + random(3)],
              }),
              records: 0,
            }
          : undefined;
      },
    ],
    [
      6,
      (token) => {
        const change = any(world.changes);
        return change
          ? { ...call(token, 'undo', 'UndoPayload', { changeId: ['ID!', change] }), records: 0 }
          : undefined;
      },
    ],
    [
      8,
      (token) => {
        const person = any(world.people);
        if (!person) return undefined;
        const text = `Founder of ${token}`;
        const slug = `firm-${token}`;
        return {
          ...call(token, 'batch', 'BatchPayload', {
            operations: [
              '[BatchOperation!]!',
              [
                { createOrganization: { slug, name: `Firm ${token}`, kind: 'COMPANY' } },
                { updatePerson: { id: person, input: { description: text } } },
                {
                  createPosition: {
                    person,
                    organization: slug,
                    title: `Post ${token}`,
                    kind: 'OTHER',
                  },
                },
              ],
            ],
          }),
          records: 3,
          text,
        };
      },
    ],
  ];
  const wheel = makers.flatMap(([weight, make]) => Array.from({ length: weight }, () => make));

  return () => {
    const token = `${name}-${++count}`;
    const make = any(wheel);
    return make?.(token) ?? create('Person', token);
  };
}

// Private:

const sentences = 20;

const sentence = (i: number): string => `The member number ${i} took the floor and was heard.`;

/** What was made may be gone before it is answered: with the person whose post it is, say. */
const idIn = ({ record }: EditResult): string | undefined => (record as { id: string } | null)?.id;

/** The record is selected where the world learns it. */
const recordField: Record<string, string> = {
  PersonPayload: 'record { id }',
  OrganizationPayload: 'record { id }',
  ArticlePayload: 'record { id }',
  PositionPayload: 'record { id }',
};

function call(
  token: string,
  name: string,
  payload: string,
  given: Record<string, readonly unknown[]>,
): Omit<RandomEdit, 'records'> {
  const all = { ...given, reason: [reasonType(name), token], idempotencyKey: ['String', token] };
  const args = Object.entries(all);
  return {
    token,
    query: `mutation (${args.map(([arg, [type]]) => `$${arg}: ${String(type)}`).join(', ')}) {
      result: ${name}(${args.map(([arg]) => `${arg}: $${arg}`).join(', ')}) {
        __typename ... on MutationError { message }
        ... on ${payload} { changeId ${recordField[payload] ?? ''} } } }`,
    variables: Object.fromEntries(args.map(([arg, [, value]]) => [arg, value])),
    learn: () => {},
  };
}

const reasonType = (name: string) => (/^(delete|reject)$/.test(name) ? 'String!' : 'String');

const onRecord = (token: string, name: string, id: string | undefined): RandomEdit | undefined =>
  id === undefined
    ? undefined
    : { ...call(token, name, 'RecordPayload', { id: ['ID!', id] }), records: 1 };
