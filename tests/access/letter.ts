/** An article of which readers may see only the cited passages, and facts of each kind that cite it. */

const exact = 'Hub opened its bureau with Ann';

/** Further from what is cited than the context that is shown with it. */
export const hiddenSentences = [
  'Marzipan was shipped to the quay before dawn.',
  'Quicksilver prices doubled overnight, said nobody.',
];

/** Words of the body that are in none of its passages. */
export const hiddenWords = ['marzipan', 'shipped', 'quay', 'quicksilver', 'doubled', 'overnight'];

export const body = `${hiddenSentences[0]} It was a long and rainy afternoon in that town. ${exact}, and Here was glad. Nothing else was told of it on that same day. ${hiddenSentences[1]}`;

export const cited = { article: 'letter', exact };

/** @param access Of the article; by default as it is set. */
export const letter = (access?: string) => ({
  slug: 'letter',
  title: 'A letter of Hub',
  publisher: 'hub',
  publishedOn: '2020-01-01',
  body,
  mentions: ['hub', 'ann', 'here', { entity: 'bureau', as: ['bureau'] }],
  ...(access && { bodyAccess: access }),
});

const references = [cited];

export const world = (access?: string): string =>
  JSON.stringify({
    articles: [letter(access)],
    organizations: [
      {
        slug: 'hub',
        name: 'Hub',
        kind: 'ALLIANCE',
        home: 'here',
        identifiers: { wikidata: 'Q1' },
        references,
      },
      { slug: 'part', name: 'Part', kind: 'COMMITTEE', parent: 'hub', home: 'here' },
    ],
    people: [{ slug: 'ann', name: 'Ann', references }],
    places: [{ slug: 'here', name: 'Here', kind: 'COUNTRY', references }],
    offices: [
      {
        slug: 'bureau',
        name: 'Bureau',
        kind: 'LIAISON',
        organization: 'hub',
        place: 'here',
        accreditedTo: 'here',
        alsoAccreditedTo: ['part'],
        references,
        statuses: [{ status: 'OPEN', start: '2001', references }],
      },
    ],
    positions: [
      {
        person: 'ann',
        organization: 'hub',
        title: 'Chair',
        kind: 'OTHER',
        start: '2019',
        references,
      },
    ],
    memberships: [
      { member: 'part', organization: 'hub', role: 'MEMBER', start: '2019', references },
      { member: 'hub', organization: 'part', role: 'OBSERVER', start: '2019', references },
    ],
    events: [
      {
        slug: 'summit',
        name: 'Summit',
        kind: 'OTHER',
        place: 'here',
        start: '2019',
        participants: ['hub', 'ann', 'here', 'bureau'],
        references,
      },
    ],
    statements: [
      {
        article: 'letter',
        speaker: 'ann',
        onBehalfOf: 'hub',
        reportedBy: 'hub',
        audience: ['hub'],
        kind: 'INDIRECT',
        text: 'It is open now',
        about: ['hub', 'ann', 'here', 'bureau'],
        event: 'summit',
        place: 'here',
        saidOn: '2020-01-01',
        references,
      },
    ],
  });
