import { builder } from './builder.js';
import { referenceListing } from './reference.js';
import { Sourced, type Typed } from './refs.js';
import { pagingArgs } from './relay/paging.js';

builder.interfaceType(Sourced, {
  description:
    'A fact that can be cited. Its references are the passages of articles on which it rests; a fact without any is allowed and visible as such.',
  // Whoever hands out a fact of unknown type names its type.
  resolveType: (value) => (value as Typed<{ id: string }>).__typename,
  fields: (t) => ({
    references: t.field({
      type: referenceListing.connection,
      description: 'The passages of articles on which it rests.',
      args: pagingArgs(),
    }),
  }),
});
