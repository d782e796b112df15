/** The credentials of a request, for tests that name users by them; undefined if it has none. */
export const bearerOf = ({ headers }: Request): string | undefined =>
  headers.get('authorization')?.replace(/^Bearer /, '');
