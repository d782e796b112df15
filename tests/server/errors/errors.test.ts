import { GraphQLError } from 'graphql';
import { describe, expect, it } from 'vitest';
import { withRejections } from '../../../src/server/errors/databaseErrors.js';
import { errorMask } from '../../../src/server/errors/mask.js';
import { rejection } from '../../../src/server/errors/rejection.js';

const rejected = (path: string[], code = 'TIMEOUT') => {
  const { message, extensions } = rejection(code, `${code}.`, { status: 504 });
  return new GraphQLError(message, { path, extensions });
};

describe('a mutation of which several fields fail', () => {
  it('keeps the error of each beside those that were made', () => {
    const internal = new GraphQLError('An internal error occurred.', { path: ['b'] });
    const { data, errors } = withRejections(
      {
        data: { a: { changeId: '1' }, b: null, c: null, d: { record: null } },
        errors: [internal, rejected(['c']), rejected(['d', 'record'])],
      },
      'mutation',
    );
    expect(data).toMatchObject({ a: { changeId: '1' } });
    expect(errors?.map(({ path }) => path)).toEqual([['b'], ['c'], ['d', 'record']]);
    expect(errors?.[1]?.message).toContain('may or may not have been applied');
    expect(errors?.[2]?.message).toContain('The change was applied');
    for (const { extensions } of errors ?? []) expect(extensions).not.toHaveProperty('http');
  });

  it('keeps the error of each where none was made', () => {
    const { errors } = withRejections(
      { data: { a: null, b: null }, errors: [rejected(['a']), rejected(['b'])] },
      'mutation',
    );
    expect(errors?.map(({ path }) => path)).toEqual([['a'], ['b']]);
  });
});

describe('a value that the database cannot store', () => {
  const mask = errorMask({ error: () => {} });
  it.each([
    ['22021', 'contains a character that cannot be stored'],
    ['22P05', 'contains a character that cannot be stored'],
    ['22008', 'is out of the range that can be stored'],
    ['22003', 'is out of the range that can be stored'],
  ])('is an error of the client that says what is wrong (%s)', (code, message) => {
    const masked = mask(Object.assign(new Error('from the database'), { code }));
    expect(masked.message).toContain(message);
    expect(masked.extensions['code']).toBe('BAD_USER_INPUT');
  });
});
