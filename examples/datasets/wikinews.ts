/**
 * English Wikinews of 2019 and 2020 (vanatteveldt/wikinews, CC BY 2.5): 294 articles with their
 * texts, and which countries each of them names.
 */
import { distinctSlug, readRows, slugify, type StreamRecord } from './rows.ts';

interface Article {
  url: string;
  date: string;
  title: string;
  text: string;
}

export async function* wikinews(folder: string): AsyncGenerator<StreamRecord> {
  yield {
    type: 'Organization',
    slug: 'wikinews',
    name: 'Wikinews',
    kind: 'NEWS_MEDIUM',
    urls: ['https://en.wikinews.org/'],
    identifiers: { wikidata: 'Q964' },
  };
  const articles: Article[] = [];
  for await (const article of readRows<Article>(folder, 'wikinews-2019-2020.jsonl'))
    articles.push(article);
  const texts = articles.map(({ text }) => text).join('\n');
  const countries = countryNames().filter(({ name }) => names(name).test(texts));
  for (const { code, name } of countries) {
    yield {
      type: 'Place',
      slug: slugify(`${name} territory`),
      name,
      kind: 'COUNTRY',
      isoCode: code,
    };
  }
  const slug = distinctSlug();
  for (const { url, date, title, text } of articles) {
    yield {
      type: 'Article',
      slug: slug(`wikinews ${title}`.slice(0, 150), date),
      title,
      publisher: 'wikinews',
      language: 'en',
      url,
      publishedOn: date,
      body: text,
      mentions: countries
        .filter(({ name }) => names(name).test(text))
        .map(({ name }) => ({ entity: slugify(`${name} territory`), as: [name] })),
    };
  }
}

// Private:

/** The countries of ISO 3166-1 by their English names. */
function countryNames(): { code: string; name: string }[] {
  const display = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });
  const letters = Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZ');
  const codes = letters.flatMap((first) => letters.map((second) => first + second));
  return codes.flatMap((code) => {
    const name = display.of(code);
    const isCurrent = new Intl.Locale(`und-${code}`).region === code;
    // Codes that ISO leaves to users, and names that are words or names of other things.
    const isCountry = !/^(X|Q[M-Z]|ZZ|EU|EZ|UN|AA|GE|JE|JO|TD)/.test(code);
    return name && isCurrent && isCountry ? [{ code, name }] : [];
  });
}

const names = (name: string) =>
  new RegExp(`(?<!\\p{L})${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?!\\p{L})`, 'u');
