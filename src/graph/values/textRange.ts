import { builder } from '../builder.js';

export const TextRange = builder.objectRef<{ start: number; end: number }>('TextRange').implement({
  description: 'A range of a text, in Unicode code points.',
  fields: (t) => ({
    start: t.exposeInt('start', { description: 'Where it starts, from 0.' }),
    end: t.exposeInt('end', { description: 'Where it ends, exclusive.' }),
  }),
});
