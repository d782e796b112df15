/** Words that other formats have for kinds of things, and the kinds that they mean. */

export function organizationKind(words: string): string {
  for (const [pattern, kind] of organizations) if (pattern.test(words)) return kind;
  return 'OTHER';
}

/** @param isLegislature Whether the post is in a legislature, where members are legislators. */
export function positionKind(title: string, isLegislature: boolean): string {
  for (const [pattern, kind] of positions) if (pattern.test(title)) return kind;
  return isLegislature ? 'LEGISLATOR' : 'OTHER';
}

export function placeKind(words: string): string {
  for (const [pattern, kind] of places) if (pattern.test(words)) return kind;
  return 'REGION';
}

// Private:

const organizations: [RegExp, string][] = [
  [/\b(party|parties|faction|caucus)\b/i, 'PARTY'],
  [/\bcommittee|commission\b/i, 'COMMITTEE'],
  [/\b(legislature|chamber|parliament|assembly|senate|upper house|lower house)\b/i, 'LEGISLATURE'],
  [/\b(ministry|department)\b/i, 'MINISTRY'],
  [/\b(court|tribunal)\b/i, 'COURT'],
  [/\b(government|executive|cabinet|council of ministers|public ?body)\b/i, 'GOVERNMENT'],
  [/\b(company|corporation|business)\b/i, 'COMPANY'],
  [/\b(media|newspaper|news|broadcaster)\b/i, 'NEWS_MEDIUM'],
  [/\b(ngo|non-governmental|nonprofit|charity|association)\b/i, 'NON_GOVERNMENTAL'],
  [/\b(international organi[sz]ation|intergovernmental)\b/i, 'INTERNATIONAL_ORGANIZATION'],
  [/\balliance\b/i, 'ALLIANCE'],
  [/\b(country|state)\b/i, 'STATE'],
];

const positions: [RegExp, string][] = [
  [
    /\b(mp|mep|legislator|senator|deputy|representative|member)\b.*\b(parliament|senate|house|assembly|congress|legislat\w*|bundestag|diet|council)\b/i,
    'LEGISLATOR',
  ],
  [
    /\b(prime minister|head of government|chancellor|premier)\b(?!.*\b(deputy|vice|exchequer)\b)/i,
    'HEAD_OF_GOVERNMENT',
  ],
  [
    /\b(president|king|queen|emperor|head of state)\b.*\bof (the )?(republic|state|kingdom|country)\b/i,
    'HEAD_OF_STATE',
  ],
  [/\b(minister|secretary of state)\b/i, 'MINISTER'],
  [/\b(ambassador|consul|envoy|nuncio|chargé|high commissioner)\b/i, 'AMBASSADOR'],
  [/\b(judge|justice)\b/i, 'JUDGE'],
  [/\b(spokes\w+|press secretary)\b/i, 'SPOKESPERSON'],
  [
    /\b(secretary[- ]general|director[- ]general|chief executive|chairman|chairperson|ceo)\b/i,
    'HEAD_OF_ORGANIZATION',
  ],
  [/\b(senator|legislator|mp|mep|deputy|councill?or)\b/i, 'LEGISLATOR'],
  [/\b(director|officer|secretary|commissioner|governor|mayor)\b/i, 'OFFICIAL'],
];

const places: [RegExp, string][] = [
  [/\b(country|nation|sovereign)\b/i, 'COUNTRY'],
  [/\b(city|town|village|municipality|locality)\b/i, 'CITY'],
  [/\b(building|site|address)\b/i, 'SITE'],
];
