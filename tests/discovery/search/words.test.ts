import { beforeAll, describe, expect, it } from 'vitest';
import { describeOnEachDatabase } from '../../support/databases.js';
import { knowledgeBase, type KnowledgeBase } from '../../support/knowledgeBase.js';

describeOnEachDatabase('words', ({ open }) => {
  let base: KnowledgeBase;
  const slugs = async (query: string, types = '') => {
    const { data, errors } = await base.execute(
      `query ($query: String!) { search(query: $query, first: 100 ${types}) { nodes { node {
        ... on Entity { slug } ... on Article { slug } ... on Statement { text } } } } }`,
      { query },
    );
    expect(errors).toBeUndefined();
    return (data?.['search'] as { nodes: { node: { slug?: string; text?: string } }[] }).nodes.map(
      ({ node }) => node.slug ?? node.text,
    );
  };

  describe('that carry little information', () => {
    beforeAll(async () => {
      base = knowledgeBase(await open());
      const named = (name: string) =>
        Array.from(
          { length: 30 },
          (_, i) =>
            `- { slug: ${name.toLowerCase()}-${i}, name: ${name} of Land ${i}, kind: COMMITTEE }`,
        );
      await base.importDossier(`
        organizations:
          - { slug: who, name: World Health Organization, kind: OTHER, names: [{ name: WHO, kind: ACRONYM }] }
          ${[...named('Court'), ...named('Parliament')].join('\n          ')}
        articles:
          - { slug: ruling, title: Judges speak on prorogation, language: en, body: The supreme court ruled on a prorogation that parliament had not asked for. }
          - { slug: untold, title: Prorogation unlawful, body: Parliament heard of court rules. }
          - { slug: arret, title: Le tribunal annule la prorogation, language: fr, body: Le Parliament a parlé., mentions: [{ entity: parliament-0, as: [Le Parliament] }] }
          - { slug: virus, title: A report, language: en, body: A report of the World Health Organization on a virus., mentions: [{ entity: who }] }
          - { slug: other, title: Another report, language: en, body: A report on nobody. }
      `);
    });

    it.each([
      ['prorogation of parliament', ['ruling', 'untold', 'arret']],
      ['the prorogation of a parliament', ['ruling', 'untold', 'arret']],
      ['court rules prorogation of parliament', ['ruling', 'untold']],
      ['COURT RULES OF PROROGATION', ['ruling', 'untold']],
    ])('are required of nothing: %s', async (query, wanted) => {
      const found = await slugs(query, ', filter: { recordType: [ARTICLE] }');
      expect(found.toSorted()).toEqual(wanted.toSorted());
    });

    it('do not put names that have one word before a text that has all', async () => {
      const found = await slugs('prorogation of parliament');
      expect(found.slice(0, 3).toSorted()).toEqual(['arret', 'ruling', 'untold']);
    });

    it('leave out what a query excludes, in whatever form the language of a text has it', async () => {
      const articles = ', filter: { recordType: [ARTICLE] }';
      expect(await slugs('parliament prorogation', articles)).toContain('ruling');
      expect(await slugs('parliament -prorogation', articles)).toEqual([]);
      expect(await slugs('prorogation -rules', articles)).not.toContain('ruling');
      expect(await slugs('prorogation -unlawful', articles)).toContain('ruling');
    });

    it('are looked for where a query has nothing else, or has them in capitals', async () => {
      expect((await slugs('WHO'))[0]).toBe('who');
      expect((await slugs('who'))[0]).toBe('who');
      expect(await slugs('report by the WHO', ', filter: { recordType: [ARTICLE] }')).toEqual([
        'virus',
      ]);
    });
  });

  describe('with signs and letters of all kinds', () => {
    beforeAll(async () => {
      base = knowledgeBase(await open());
      await base.importDossier(`
        people:
          - { slug: maryana, name: Марʼяна Проба }
          - { slug: ram, name: राम सिंह }
          - { slug: rom, name: रोम सिंह }
          - { slug: muller, name: Ada Muller }
          - { slug: tolkien, name: John Ronald Tolkien }
          - { slug: tolk, name: J. R. Tolk }
          - { slug: muller-umlaut, name: Ada Müller }
        places:
          - { slug: paris-ja, name: パリ, kind: CITY }
          - { slug: bali-ja, name: バリ, kind: REGION }
        articles:
          - { slug: slash, title: T, language: en, body: 'The Kelo/Venna summit and the kelo.venna.example page, at press@kelo-office.example.' }
          - { slug: dash, title: T, language: en, body: "Leaders of the Asia–Pacific allies met; Indo\u2011European ones did not." }
          - { slug: money, title: T, language: en, body: 'A bill of $5bn/Year (U.S.-made, 3.5% more) passed.' }
          - { slug: dotted, title: T, language: en, body: 'A U.S.-led group, U.S.A.-backed, on U.K.–E.U. ties; С.Ш.А. as well, e.g. today.' }
          - { slug: dotless, title: T, language: en, body: 'A US-led group, USA-backed, on UK–EU ties; США as well, eg today.' }
          - { slug: shy, title: T, language: de, body: "Der Ver\u00ADtei\u00ADdigungs\u200Bminister kam." }
          - { slug: ja, title: 記事, language: ja, body: 外務大臣が北京を訪れた。その後、パリへ向かった。 }
          - { slug: ko, title: 기사, language: ko, body: 김정은은 평양에서 연설했다. }
          - { slug: th, title: ข่าว, language: th, body: นายกรัฐมนตรีเดินทางไปกรุงโตเกียวเมื่อวานนี้ }
          - { slug: ar, title: خبر, language: ar, body: "\u202Bقال\u200F الوَزير\u202C نعم." }
          - { slug: he, title: חדשות, language: he, body: 'דובר צה״ל אמר זאת.' }
          - { slug: fa, title: خبر, language: fa, body: "او می\u200Cخواهد برود." }
          - { slug: uk, title: Новини, language: uk, body: 'Вона прибула з Кам’янця.' }`);
    });

    it.each([
      ['kelo', ['slash']],
      ['venna', ['slash']],
      ['"kelo/venna"', ['slash']],
      ['kelo-office', ['slash']],
      ['asia-pacific', ['dash']],
      ['Asia Pacific', ['dash']],
      ['asia‑pacific', ['dash']],
      ['indo-european', ['dash']],
      ['year 5bn', ['money']],
      ['$5bn/Year', ['money']],
      ['3.5%', ['money']],
      ['us-led', ['dotless', 'dotted']],
      ['US-led', ['dotless', 'dotted']],
      ['u.s. led', ['dotless', 'dotted']],
      ['U.S.-led', ['dotless', 'dotted']],
      ['"us led"', ['dotless', 'dotted']],
      ['usa-backed', ['dotless', 'dotted']],
      ['U.S.A.-backed', ['dotless', 'dotted']],
      ['UK–EU', ['dotless', 'dotted']],
      ['u.k.-e.u.', ['dotless', 'dotted']],
      ['e.g. today', ['dotless', 'dotted']],
      ['eg', ['dotless', 'dotted']],
      ['США', ['dotless', 'dotted']],
      ['С.Ш.А.', ['dotless', 'dotted']],
      ['Verteidigungsminister', ['shy']],
      ['Vertei\u00addigungs\u200bminister', ['shy']],
      ['北京', ['ja']],
      ['外務大臣', ['ja']],
      ['ﾊﾟﾘ', ['ja']],
      ['バリ', []],
      ['평양', ['ko']],
      ['โตเกียว', ['th']],
      ['الوزير', ['ar']],
      ['قال', ['ar']],
      ['צה"ל', ['he']],
      ['צה״ל', ['he']],
      ['میخواهد', ['fa']],
      ["Кам'янця", ['uk']],
      ['Камʼянця', ['uk']],
    ])('%s is found in %j', async (query, wanted) => {
      expect(await slugs(query, ', filter: { recordType: [ARTICLE] }')).toEqual(wanted);
    });

    it('finds initials of people however they are written', async () => {
      for (const query of ['J.R. Tolkien', 'J. R. Tolkien', 'JR Tolkien']) {
        expect((await slugs(query))[0], query).toBe('tolkien');
      }
      for (const query of ['J.R. Tolk', 'J. R. Tolk', 'JR Tolk']) {
        expect((await slugs(query))[0], query).toBe('tolk');
      }
    });

    it('marks an initialism with its dots', async () => {
      const { data } = await base.execute(
        '{ search(query: "us-led", filter: { recordType: [ARTICLE] }) { nodes { highlight } } }',
      );
      expect(JSON.stringify(data)).toContain('<mark>U.S</mark>.-<mark>led</mark>');
    });

    it.each(Array.from("'’ʼʻ‘`´′＇"))('%s is an apostrophe like others', async (mark) => {
      expect((await slugs(`Мар${mark}яна`))[0]).toBe('maryana');
    });

    it.each([
      ['パリ', ['paris-ja'], ', filter: { recordType: [PLACE] }'],
      ['バリ', ['bali-ja'], ', filter: { recordType: [PLACE] }'],
      ['रोम', ['rom'], ', filter: { recordType: [PERSON] }'],
      ['राम', ['ram'], ', filter: { recordType: [PERSON] }'],
      ['Muller', ['muller', 'muller-umlaut'], ', filter: { recordType: [PERSON] }'],
      ['Müller', ['muller-umlaut', 'muller'], ', filter: { recordType: [PERSON] }'],
    ])('%s means %j', async (query, wanted, types) => {
      expect(await slugs(query, types)).toEqual(wanted);
    });

    it('marks words of scripts without spaces where they stand', async () => {
      const marked = async (query: string) => {
        const { data } = await base.execute(
          'query ($query: String!) { search(query: $query, filter: { recordType: [ARTICLE] }) { nodes { highlight } } }',
          { query },
        );
        return (data?.['search'] as { nodes: { highlight: string }[] }).nodes[0]?.highlight;
      };
      expect(await marked('北京')).toBe(
        '外務大臣が<mark>北京</mark>を訪れた。その後、パリへ向かった。',
      );
      expect(await marked('평양')).toBe('김정은은 <mark>평양</mark>에서 연설했다.');
      expect(await marked('โตเกียว')).toContain('<mark>โตเกียว</mark>');
      expect(await marked("Кам'янця")).toBe('Вона прибула з <mark>Кам</mark>’<mark>янця</mark>.');
    });

    it('suggests what is spelled as it was typed, and first', async () => {
      const suggested = async (prefix: string) => {
        const { data } = await base.execute(
          'query ($prefix: String!) { suggest(prefix: $prefix) { text } }',
          { prefix },
        );
        return (data?.['suggest'] as { text: string }[]).map(({ text }) => text);
      };
      expect(await suggested('バ')).toEqual(['バリ']);
      expect(await suggested('ハ')).toEqual([]);
      expect(await suggested('रो')).toEqual(['रोम सिंह']);
      expect(await suggested('ada mül')).toEqual(['Ada Müller', 'Ada Muller']);
      expect(await suggested('ada mul')).toEqual(['Ada Muller', 'Ada Müller']);
      expect(await suggested('мар’я')).toEqual(['Марʼяна Проба']);
    });
  });
});
