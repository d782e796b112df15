import { beforeAll, expect, it } from 'vitest';
import { describeOnEachDatabase } from '../../support/databases.js';
import { knowledgeBase, type KnowledgeBase } from '../../support/knowledgeBase.js';

describeOnEachDatabase('suggestions', ({ open }) => {
  let base: KnowledgeBase;
  beforeAll(async () => {
    base = knowledgeBase(await open());
    await base.importDossier(`
      people:
        - { slug: jens, name: Jens Stoltenberg }
        - { slug: thorvald, name: Thorvald Stoltenberg }
        - { slug: oystein, name: Øystein Stoltz }
      organizations:
        - { slug: us, name: United States of America, kind: STATE, names: [{ name: USA, kind: ACRONYM }] }
        - { slug: usaid, name: USAID, kind: MINISTRY }
      places: [{ slug: stolberg, name: Stolberg, kind: CITY }]
      articles:
        - { slug: a, title: A, body: Jens spoke. Jens left., mentions: [{ entity: jens, as: [Jens] }] }
      statements:
        - { article: a, speaker: jens, kind: INDIRECT, text: One., about: [us] }
        - { article: a, speaker: jens, kind: INDIRECT, text: Two., about: [us] }
    `);
  });

  async function suggest(prefix: string, more = ''): Promise<string[]> {
    const { data, errors } = await base.execute(
      `query ($prefix: String!) { suggest(prefix: $prefix ${more}) { text entity { name } } }`,
      { prefix },
    );
    expect(errors).toBeUndefined();
    const suggestions = data?.['suggest'] as { text: string; entity: { name: string } }[];
    return suggestions.map(({ text, entity }) =>
      text === entity.name ? text : `${text} = ${entity.name}`,
    );
  }

  it('are entities with a name in which a word begins so, the most prominent first', async () => {
    expect(await suggest('stol')).toEqual([
      'Jens Stoltenberg',
      expect.any(String),
      expect.any(String),
      expect.any(String),
    ]);
    expect(await suggest('STOLT', 'first: 1')).toEqual(['Jens Stoltenberg']);
    expect(await suggest('thorvald st')).toEqual(['Thorvald Stoltenberg']);
  });

  it('know other names, and disregard accents', async () => {
    expect(await suggest('usa')).toEqual(['USA = United States of America', 'USAID']);
    expect(await suggest('oys')).toEqual(['Øystein Stoltz']);
    expect(await suggest('ØYS')).toEqual(['Øystein Stoltz']);
  });

  it('are of the types wanted', async () => {
    expect(await suggest('stol', 'type: [PLACE]')).toEqual(['Stolberg']);
  });

  it.each(['', '  ', '%', '_', "'", '\\', '\u0000', '🦆', 'zzz', 'x'.repeat(200)])(
    'are none for %j',
    async (prefix) => {
      expect(await suggest(prefix)).toEqual([]);
    },
  );

  it('reject arguments out of range', async () => {
    const code = { extensions: { code: 'BAD_USER_INPUT' } };
    expect(await base.execute('{ suggest(prefix: "a", first: 51) { text } }')).toMatchObject({
      errors: [{ message: 'first must be from 0 to 50, but is 51', ...code }],
    });
    expect(await base.execute(`{ suggest(prefix: "${'x'.repeat(201)}") { text } }`)).toMatchObject({
      errors: [code],
    });
  });
});
