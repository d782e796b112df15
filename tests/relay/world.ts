/** A knowledge base in which every list has several items: all that there is hangs on one of each kind. */

const exact = 'all of them';

/** A dossier with items of these numbers, and the ones that they hang on. */
export function worldOf(numbers: readonly number[]): string {
  const each = <Made>(make: (n: number) => Made): Made[] => numbers.map(make);
  const references = each((n) => ({ article: `article-${n}`, exact }));
  const everything = ['hub', 'ann', 'here', 'bureau'];
  // What changes from dossier to dossier makes a revision.
  const description = `Since ${numbers.join()}`;
  return JSON.stringify({
    articles: [
      { slug: 'paper', title: 'Paper', byline: description },
      ...each((n) => ({
        slug: `article-${n}`,
        title: `Article ${n}`,
        publisher: 'hub',
        publishedOn: `2020-01-${10 + n}`,
        body: `Here stand ${exact}: Hub, Ann, Here and the Bureau.`,
        mentions: [
          { entity: 'hub', as: ['Hub'] },
          { entity: 'ann', as: ['Ann'] },
          { entity: 'here', as: ['Here'] },
          { entity: 'bureau', as: ['Bureau'] },
        ],
      })),
    ],
    organizations: [
      { slug: 'hub', name: 'Hub', kind: 'ALLIANCE', home: 'here', description, references },
      ...each((n) => ({
        slug: `part-${n}`,
        name: `Part ${n}`,
        kind: 'COMMITTEE',
        parent: 'hub',
        home: 'here',
      })),
    ],
    people: [
      { slug: 'ann', name: 'Ann', description, references },
      ...each((n) => ({ slug: `person-${n}`, name: `Person ${n}` })),
    ],
    places: [
      { slug: 'here', name: 'Here', kind: 'COUNTRY', description, references },
      ...each((n) => ({ slug: `place-${n}`, name: `Place ${n}`, kind: 'CITY', within: 'here' })),
    ],
    offices: [
      {
        slug: 'bureau',
        name: 'Bureau',
        kind: 'LIAISON',
        organization: 'hub',
        description,
        references,
        statuses: [{ status: 'OPEN', start: '2001', references }],
      },
      ...each((n) => ({
        slug: `office-${n}`,
        name: `Office ${n}`,
        kind: 'FIELD',
        organization: 'hub',
        place: 'here',
        accreditedTo: n % 2 ? 'hub' : 'here',
        alsoAccreditedTo: ['hub', 'here'],
      })),
    ],
    positions: [
      { person: 'ann', organization: 'hub', title: 'Chair', kind: 'OTHER', references },
      ...each((n) => ({ person: 'ann', organization: 'hub', title: `Post ${n}`, kind: 'OTHER' })),
    ],
    memberships: [
      { member: 'part-1', organization: 'hub', role: 'MEMBER', references },
      ...each((n) => ({ member: `part-${n}`, organization: 'hub', role: 'OBSERVER' })),
      ...each((n) => ({ member: 'hub', organization: `part-${n}`, role: 'MEMBER' })),
    ],
    events: [
      {
        slug: 'summit',
        name: 'Summit',
        kind: 'OTHER',
        start: '2019',
        description,
        participants: everything,
        references,
      },
      ...each((n) => ({
        slug: `event-${n}`,
        name: `Event ${n}`,
        kind: 'OTHER',
        place: 'here',
        start: `2020-02-${10 + n}`,
        participants: everything,
      })),
    ],
    statements: [
      ...each((n) => ({
        article: 'article-1',
        speaker: n % 2 ? 'ann' : 'hub',
        onBehalfOf: n % 2 ? 'hub' : 'ann',
        kind: 'INDIRECT',
        text: `Word ${n}`,
        about: everything,
        event: 'summit',
        place: 'here',
        ...(n % 3 && { saidOn: `2020-03-${10 + n}` }),
        references: n === 1 ? references : [{ article: 'article-1', exact }],
      })),
      {
        article: 'article-1',
        speaker: 'ann',
        kind: 'INDIRECT',
        text: 'The last word',
        references,
      },
    ],
  });
}
