/** Writes docs/stream.schema.json from the forms in the code; needs a build. */
import { writeFileSync } from 'node:fs';
import { format } from 'prettier';
import { streamJsonSchema } from '../dist/knowledge/exchange/stream/format.js';

const text = await format(JSON.stringify(streamJsonSchema()), { parser: 'json', printWidth: 100 });
writeFileSync('docs/stream.schema.json', text);
