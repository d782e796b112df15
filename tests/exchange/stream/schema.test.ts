import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { streamJsonSchema } from '../../../src/knowledge/exchange/stream/format.js';

it('the JSON Schema of a stream is what docs/stream.schema.json says (npm run schema:print writes it anew)', async () => {
  const written = JSON.parse(await readFile('docs/stream.schema.json', 'utf8')) as unknown;
  expect(JSON.parse(JSON.stringify(streamJsonSchema()))).toEqual(written);
});
