/**
 * English Wikinews of 2019 and 2020 (vanatteveldt/wikinews, CC BY 2.5): 294 articles with their
 * texts, and which countries each of them names.
 */
import { countryNames, countryPlace } from './countries.ts';
import { distinctSlug, readRows, type StreamRecord } from './rows.ts';

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
  const countries = countryNames().filter(
    ({ code, name }) => !ambiguous.test(code) && names(name).test(texts),
  );
  for (const { name } of countries) yield countryPlace(name);
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
        .map(({ name }) => ({ entity: countryPlace(name).slug, as: [name] })),
    };
  }
}

// Private:

/** Names that are words, or names of other things as well. */
const ambiguous = /^(GE|JE|JO|TD)$/;

const names = (name: string) =>
  new RegExp(`(?<!\\p{L})${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?!\\p{L})`, 'u');
