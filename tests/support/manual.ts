import { readFile } from 'node:fs/promises';

/** The blocks of code in one language that a page of the manual shows. */
export async function examplesIn(page: string, language: string): Promise<string[]> {
  const text = await readFile(page, 'utf8');
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, 'gms'))].map(
    ([, code]) => code ?? '',
  );
}

/** The indented block of a page that holds some words, as it would be copied from there. */
export async function blockIn(page: string, words: string): Promise<string> {
  const text = await readFile(page, 'utf8');
  const blocks = text.match(/(?:^ {4}.*\n(?:\n(?= {4}))?)+/gm) ?? [];
  const found = blocks.find((block) => block.includes(words));
  if (!found) throw new Error(`${page} shows nothing with "${words}"`);
  return found.replace(/^ {4}/gm, '');
}
