import type { SearchType } from '../../knowledge/discovery/search/conditions.js';
import { describedEnum } from '../values/enum.js';

export const SearchTypeEnum = describedEnum<SearchType>(
  'SearchType',
  'A type of record that `search` finds.',
  {
    ARTICLE: 'News articles, by title, author, text and the entities that they mention.',
    STATEMENT: 'Statements, by text, speaker and subject.',
    ORGANIZATION: 'Alliances, states, ministries, parties, media …, by name.',
    PERSON: 'People, by name and by the positions that they hold or held.',
    OFFICE: 'Embassies, liaison offices, headquarters …, by name.',
    PLACE: 'Countries, regions, cities and sites, by name.',
    POSITION:
      'Positions that people hold or held, by title, organization, person and year: `ambassador to japan 1941`.',
  },
);
