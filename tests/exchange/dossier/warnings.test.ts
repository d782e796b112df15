import { beforeAll, expect, it } from 'vitest';
import type { Database } from '../../../src/database/database.js';
import { checkDossier, importDossier } from '../../../src/knowledge/exchange/dossier/import.js';
import { mutationOf, mutate } from '../../curation/support.js';
import { describeOnEachDatabase } from '../../support/databases.js';
import { knowledgeBase, type KnowledgeBase } from '../../support/knowledgeBase.js';

const dossier = `
cite: opening
articles:
  - slug: opening
    title: Opening
    publishedOn: 2019-05-03
    body: “It was time,” said Ada Moser, who chairs the League.
organizations: [{ slug: league, name: League, kind: ALLIANCE }]
people:
  - { slug: ada-moser, name: Ada Moser }
  - { slug: ada-moser-2, name: ÁDA  Moser }
  - { slug: ann, name: Ann, names: [{ name: A. Moser }] }
positions:
  - { person: ada-moser, organization: league, title: Chair, kind: HEAD_OF_ORGANIZATION, end: 2010 }
  - { person: ada-moser-2, organization: league, title: ' chair', kind: HEAD_OF_ORGANIZATION, start: 2012 }
statements:
  - { article: opening, speaker: ada-moser, kind: DIRECT, text: It was … time, saidOn: 2031-01-01 }
  - { article: opening, speaker: ada-moser, kind: INDIRECT, text: It was in May, saidOn: 2019-05 }
`;

describeOnEachDatabase('a warning', ({ open }) => {
  let database: Database;
  let base: KnowledgeBase;
  beforeAll(async () => {
    database = await open();
    base = knowledgeBase(database);
  });
  const source = (text: string) => ({ name: 'test.yaml', text });
  const expected = [
    'test.yaml:11:32: ada-moser is also called "ÁDA  Moser": if this is the same person, use that slug or merge the two',
    'test.yaml:15:57: the post "chair" of league differs from "Chair" (positions[0]) only by case and spaces: use one spelling if they are the same post',
    'test.yaml:17:88: "saidOn" "2031-01-01" is after "2019-05-03", when opening was published: is one of the two dates wrong?',
  ];
  const lines = (warnings: { file: string; line?: number; column?: number; message: string }[]) =>
    warnings.map(({ file, line, column, message }) => `${file}:${line}:${column}: ${message}`);

  it('does not stand in the way of an import, and comes before it from a check', async () => {
    expect(lines((await checkDossier(database, source(dossier))).warnings)).toEqual(expected);
    const { warnings, created } = await importDossier(database, source(dossier));
    expect(lines(warnings)).toEqual(expected);
    expect(created).toMatchObject({ people: 3, positions: 2, statements: 2 });
  });

  it('considers existing records, too, and none that are given unchanged', async () => {
    const again = await checkDossier(database, source(dossier.replace('saidOn: 2031-01-01', '')));
    // Both titles are still in the file.
    expect(lines(again.warnings)).toEqual([expected[1]]);
    const { warnings } = await checkDossier(
      database,
      source(`people: [{ slug: new, name: Nobody, names: [{ name: a Moser }] }]
positions: [{ person: new, organization: league, title: CHAIR, kind: OFFICIAL }]
statements: [{ article: opening, speaker: new, kind: INDIRECT, text: Late, saidOn: 2020 }, { article: opening, speaker: new, kind: MIXED, text: Later }]`),
    );
    expect(warnings.map(({ path, message }) => [path, message.slice(0, 60)]).toSorted()).toEqual([
      [
        'people[0].names[0].name',
        'ann is also called "a Moser": if this is the same person, use'.slice(0, 60),
      ],
      ['positions[0].title', 'the post "CHAIR" of league differs from "Chair" (in the know'],
      ['statements[0].saidOn', '"saidOn" "2020" is after "2019-05-03", when opening was publ'],
      [
        'statements[1].text',
        'a MIXED statement has some of the speaker’s own words between'.slice(0, 60),
      ],
    ]);
  });

  it('reaches editors', async () => {
    const warningsOf = async (call: string, payload: string) =>
      (
        (await mutate(base, mutationOf(call, `${payload} { warnings { code path message } }`)))[
          'warnings'
        ] as { code: string; path: string; message: string }[]
      ).map(({ code, path, message }) => `${code} ${path}: ${message}`);
    expect(await warningsOf('createPerson(input: { name: "Ada Moser" })', 'PersonPayload')).toEqual(
      [expect.stringMatching(/^NAMESAKE input.name: ada-moser(-2)? is also called "Ada Moser"/)],
    );
    expect(
      await warningsOf(
        'createPosition(input: { person: "ann", organization: "league", title: "CHAIR ", kind: OFFICIAL })',
        'PositionPayload',
      ),
    ).toEqual([
      expect.stringMatching(
        /^SIMILAR_TITLE input.title: the post "CHAIR" of league differs from "Chair"/,
      ),
    ]);
    expect(
      await warningsOf(
        'createStatement(input: { article: "opening", speaker: "ann", kind: INDIRECT, text: "So", saidOn: "2024" })',
        'StatementPayload',
      ),
    ).toEqual([
      expect.stringMatching(
        /^SAID_AFTER_PUBLICATION input.saidOn: "saidOn" "2024" is after "2019-05-03"/,
      ),
    ]);
    expect(
      await warningsOf('createPerson(input: { name: "Somebody else" })', 'PersonPayload'),
    ).toEqual([]);
  });
});
