import { expect } from 'vitest';
import type { ExecutionResult, KnowledgeBase } from '../support/knowledgeBase.js';

/** The fields of the errors that mutations return. */
export const errorFields = `
  ... on MutationError { message operation }
  ... on ValidationError { issues { code path message nearest } }
  ... on ConflictError { revision current { __typename id } }
  ... on NotFoundError { path }`;

export interface Result extends Record<string, unknown> {
  __typename: string;
  changeId?: string;
  revision?: number;
  issues?: { code: string; path: string; message: string; nearest: string[] }[];
}

/** Runs one mutation as an editor and returns its result, whichever it is. */
export async function mutate(
  base: Pick<KnowledgeBase, 'executeAs'>,
  mutation: string,
  variables?: Record<string, unknown>,
): Promise<Result> {
  const answer = await base.executeAs('EDITOR', mutation, variables);
  return resultOf(answer);
}

export function resultOf(answer: ExecutionResult): Result {
  expect(answer.errors).toBeUndefined();
  const [result] = Object.values(answer.data ?? {});
  return result as Result;
}

/** `createPerson(input: …)` as a document that selects its payload and the fields of its errors. */
export const mutationOf = (call: string, payload: string): string => {
  const type = payload.slice(0, payload.indexOf(' '));
  return `mutation { ${call} { __typename ${errorFields} ... on ${type} ${payload.slice(type.length)} } }`;
};

/** Creates a record and returns the selected fields. */
export async function make<Fields = { id: string; slug: string }>(
  base: Pick<KnowledgeBase, 'executeAs'>,
  type: string,
  input: string,
  { fields = 'id slug', isDraft = false } = {},
): Promise<Fields> {
  const name = `${type.charAt(0).toLowerCase()}${type.slice(1)}`;
  const result = await mutate(
    base,
    mutationOf(
      `create${type}(publicationStatus: ${isDraft ? 'DRAFT' : 'PUBLISHED'}, input: ${input})`,
      `${type}Payload { ${name} { ${fields} } }`,
    ),
  );
  expect(result, JSON.stringify(result)).toMatchObject({ __typename: `${type}Payload` });
  return result[name] as Fields;
}
