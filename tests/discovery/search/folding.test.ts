import { sql } from 'drizzle-orm';
import { beforeAll, describe, expect, it } from 'vitest';
import { readRows, type Database } from '../../../src/database/database.js';
import { foldName, slugify, spellingOf } from '../../../src/knowledge/values/names.js';
import { describeOnEachDatabase } from '../../support/databases.js';

/** Characters that Unicode got after version 14, which is that of the oldest PostgreSQL. */
const isNew = (character: string): boolean =>
  newer.some(([first, last]) => character >= first && character <= last);

const newer: [string, string][] = [
  ['\u0897', '\u0897'],
  ['\u0c5c', '\u0c5c'],
  ['\u0cdc', '\u0cdc'],
  ['\u0cf3', '\u0cf3'],
  ['\u0ece', '\u0ece'],
  ['\u1acf', '\u1aeb'],
  ['\u1c89', '\u1c8a'],
  ['\ua7cb', '\ua7cf'],
  ['\ua7d2', '\ua7d4'],
  ['\ua7da', '\ua7dc'],
  ['\ua7f1', '\ua7f1'],
  ['\ufbc3', '\ufbd2'],
];

describe('names', () => {
  it.each([
    ['Côte d’Ivoire', 'cote d ivoire'],
    ['Łódź', 'lodz'],
    ['ŒUVRE', 'oeuvre'],
    ['ΟΔΥΣΣΕΎΣ', 'οδυσσευσ'],
    ['İstanbul ISPARTA ıstanbul', 'istanbul isparta istanbul'],
    ['Ver\u00adtei\u200bdi\u2060gung', 'verteidigung'],
    ['\u202bقال\u200f الوزير\u202c', 'قال الوزير'],
    ['مُحَمَّد', 'محمد'],
    ['שָׁלוֹם', 'שלום'],
    ['佐々木スーパー', '佐々木スーパー'],
    ['か\u3099', 'が'],
    ['U.S.-led', 'us led'],
    ['u.s. led', 'us led'],
    ['the U.S.A.-backed', 'the usa backed'],
    ['U.K.–E.U.', 'uk eu'],
    ['e.g.', 'eg'],
    ['(i.e., p.m.)', 'ie pm'],
    ['С.Ш.А.', 'сша'],
    ['Η.Π.Α.', 'ηπα'],
    ['É.-U. É.U.', 'e u eu'],
    ['J.K. Rowling', 'jk rowling'],
    ['J. K. Rowling', 'j k rowling'],
    ['J.Stoltenberg', 'j stoltenberg'],
    ['3.5 v.2 a.1.b x.y.com Army.S.', '3 5 v 2 a 1 b xy com army s'],
    ['ハ゜リ', 'パリ'],
    ['ﾊﾟﾘ', 'パリ'],
  ])('%s is folded to %s', (name, folded) => {
    expect(foldName(name)).toBe(folded);
  });

  it.each([
    ['kana that are voiced', 'パリ', 'バリ'],
    ['kana that are long', 'ビール', 'ビル'],
    ['Devanagari vowels', 'राम', 'रोम'],
    ['Bengali vowels', 'কাল', 'কুল'],
    ['Tamil vowels', 'கல்', 'காலி'],
    ['Thai vowels', 'กิน', 'กุน'],
    ['Thai tones', 'มา', 'ม้า'],
    ['Khmer vowels', 'កា', 'កី'],
    ['Sinhala vowels', 'කා', 'කි'],
    ['Burmese vowels', 'ကာ', 'ကိ'],
    ['Tibetan vowels', 'ཀི', 'ཀུ'],
    ['Thaana vowels', 'ކަ', 'ކި'],
  ])('distinguishes %s', (_what, one, other) => {
    expect(foldName(one)).not.toBe(foldName(other));
  });

  it('takes all apostrophes for one', () => {
    const names = Array.from("'’‘‛`´′ʹ＇ʼʻʽꞌ‵").map((mark) => `Мар${mark}яна`);
    const folded = new Set(names.filter((name) => !name.includes('ʹ')).map(foldName));
    expect(folded).toEqual(new Set(['мар яна']));
  });

  it('keeps the spelling apart from what is folded', () => {
    expect(spellingOf('Łódź-Ost')).toBe('łódź ost');
    expect(spellingOf('LO\u0301DZ\u00ad')).toBe('lódz');
  });

  it('has slugs as ever', () => {
    expect(slugify("Côte d'Ivoire")).toBe('cote-d-ivoire');
    expect(slugify('Smørrebrød & Æbler')).toBe('smorrebrod-aebler');
    expect(slugify('U.S. Department of State')).toBe('u-s-department-of-state');
  });
});

describeOnEachDatabase('the database', ({ open }) => {
  let database: Database;
  beforeAll(async () => {
    database = await open();
  });

  const foldedThere = async (texts: readonly string[]): Promise<string[]> => {
    const rows = await readRows<{ folded: string }>(
      database.db,
      sql`select fold_name(t) as folded
        from jsonb_array_elements_text(${JSON.stringify(texts)}::text::jsonb) with ordinality as e(t, n) order by n`,
    );
    return rows.map(({ folded }) => folded);
  };

  it('folds every letter, mark and sign of the first plane as TypeScript does', async () => {
    const characters = Array.from({ length: 0xffff }, (_, i) => String.fromCharCode(i + 1)).filter(
      (character) => /[^\p{Cn}\p{Cs}]/u.test(character) && !isNew(character),
    );
    expect(characters.length).toBeGreaterThan(60_000);
    const texts = characters.map(
      (character) => `A${character}x ${character} ${character}.a.${character} U.S${character}`,
    );
    const there = await foldedThere(texts);
    const differ = texts.flatMap((text, i) =>
      foldName(text) === there[i] ? [] : [{ text, here: foldName(text), there: there[i] }],
    );
    expect(differ).toEqual([]);
  });

  it('folds letters beyond it, and whole names', async () => {
    const texts = [
      ...[
        '𐐀𐐁',
        '𞤀𞤁',
        '𝒜𝓑',
        '𠮷野家',
        '🇯🇵 Tokyo',
        'ﬁﬂ ½ №',
        '  Spaces  around ',
        'a\u0000'.slice(0, 1),
      ],
      ...[
        'Nguyễn Thị Định',
        'Ǆemal',
        'ẞtraße',
        'ჯუმბერ ᲯᲣᲛᲑᲔᲠ',
        'Ⴀⴀ',
        'Ᏸᏸ',
        'İIıi',
        'U.S.-led U.S.A. x.y.com С.Ш.А. É.U. 3.5 a.1.b',
        '김정은 ガギ か゛',
      ],
    ];
    expect(await foldedThere(texts)).toEqual(texts.map(foldName));
  });
});
