import { readFile } from 'node:fs/promises';

/** The blocks of code in one language that a page of the manual shows. */
export async function examplesIn(page: string, language: string): Promise<string[]> {
  const text = await readFile(page, 'utf8');
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, 'gms'))].map(
    ([, code]) => code ?? '',
  );
}
