/** What the loaders share: reading files with one JSON object a line, and making slugs. */
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** A record as `chancery import` reads it. */
export type StreamRecord = { type: string } & Record<string, unknown>;

export async function* readRows<Row>(folder: string, file: string): AsyncGenerator<Row> {
  const lines = createInterface({
    input: createReadStream(join(folder, file)),
    crlfDelay: Infinity,
  });
  for await (const line of lines) if (line) yield JSON.parse(line) as Row;
}

export const slugify = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');

/** Makes slugs of names; where two have the same name, the second includes its id. */
export function distinctSlug(): (name: string, id: string) => string {
  const used = new Set<string>();
  return (name, id) => {
    const short = slugify(name);
    const slug = short && !used.has(short) ? short : slugify(`${name} ${id}`);
    used.add(slug);
    return slug;
  };
}
