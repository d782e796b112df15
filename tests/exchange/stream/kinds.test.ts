import { describe, expect, it } from 'vitest';
import {
  organizationKind,
  placeKind,
  positionKind,
} from '../../../src/knowledge/exchange/formats/vocabularies.js';

describe('the kind of a post', () => {
  it.each([
    ['Prime Minister', 'HEAD_OF_GOVERNMENT'],
    ['prime minister of the United Kingdom', 'HEAD_OF_GOVERNMENT'],
    ['Bundeskanzlerin', 'HEAD_OF_GOVERNMENT'],
    ['Première ministre', 'HEAD_OF_GOVERNMENT'],
    ['Премьер-министр', 'HEAD_OF_GOVERNMENT'],
    ['President of the Republic', 'HEAD_OF_STATE'],
    ['President of Poland', 'HEAD_OF_STATE'],
    ['King of Spain', 'HEAD_OF_STATE'],
    ['Presidente de la República', 'HEAD_OF_STATE'],
    ['Minister of Health', 'MINISTER'],
    ['Minister for Trade, Industry and Energy', 'MINISTER'],
    ['Minister of Foreign Affairs and European Affairs', 'MINISTER'],
    ['Ambassador to Japan', 'AMBASSADOR'],
    ['High Commissioner to India', 'AMBASSADOR'],
    ['Member of Parliament', 'LEGISLATOR'],
    ['Chief Justice', 'JUDGE'],
    ['Porte-parole', 'SPOKESPERSON'],
    ['Secretary-General', 'HEAD_OF_ORGANIZATION'],
  ])('is recognized by an exact term: %s', (title, kind) => {
    expect(positionKind([title], false)).toBe(kind);
  });

  it.each([
    'Deputy Prime Minister',
    'Former Prime Minister',
    'Shadow Minister of Health',
    'Prime Minister’s Private Secretary',
    'Assistant to the Prime Minister',
    'Spouse of the Prime Minister',
    'Vice President',
    'Vice President of the Republic',
    'President of the Senate',
    'President of the Ski Association of Poland',
    'Former President',
    'President-elect of Poland',
    'Chancellor of the Exchequer',
    'Chancellor of the University of Oxford',
    'Minister of State',
    'Minister of Religion',
    'Deputy Minister of Health',
    'Parliamentary Under-Secretary of State',
    'Goodwill Ambassador',
    'United Nations High Commissioner for Refugees',
    'Deputy Ambassador to Japan',
    'Judge Advocate',
    'Staff of the Member of Parliament',
    'Deputy Spokesperson',
    'Deputy Secretary-General',
    'Member',
    'Deputy',
    `Minister of ${'health '.repeat(5000)}`,
  ])('is OTHER where the title only holds one: %s', (title) => {
    expect(positionKind([title], false)).toBe('OTHER');
  });

  it('is that of a legislator for the members of a legislature, and not for its staff', () => {
    for (const title of ['Member', 'member', 'Deputy', 'Députée', 'Senator']) {
      expect(positionKind([title], true)).toBe('LEGISLATOR');
    }
    for (const title of ['Clerk', 'Sergeant-at-Arms', 'Deputy Clerk', 'Assistant to a member']) {
      expect(positionKind([title], true)).toBe('OTHER');
    }
  });
});

describe('the kind of an organization', () => {
  it.each([
    ['Political party', 'PARTY'],
    ['standing committee', 'COMMITTEE'],
    ['Upper House', 'LEGISLATURE'],
    ['Ministère', 'MINISTRY'],
    ['Supreme Court', 'COURT'],
    ['executive', 'GOVERNMENT'],
    ['NEWS_MEDIUM', 'NEWS_MEDIUM'],
    ['gov.igo', 'INTERNATIONAL_ORGANIZATION'],
    ['Sovereign state', 'STATE'],
  ])('is recognized by an exact term: %s', (words, kind) => {
    expect(organizationKind(words)).toBe(kind);
  });

  it.each([
    'State Registry Agency',
    'state-owned enterprise',
    'Ministry of State Security Veterans Association',
    'Party supplies',
    'Friends of the Supreme Court',
    'government contractor',
    'department',
    'commission',
    '',
  ])('is OTHER where words only hold one: %s', (words) => {
    expect(organizationKind(words)).toBe('OTHER');
  });

  it('is that of the first words with a meaning', () => {
    expect(organizationKind(undefined, 'gov', 'pol.party', 'Party', 'Court')).toBe('PARTY');
  });
});

describe('the kind of a place', () => {
  it.each([
    ['Country', 'COUNTRY'],
    ['Gemeinde', 'CITY'],
    ['constituency', 'REGION'],
    ['city council ward', 'REGION'],
    ['country house', 'REGION'],
  ])('is recognized by an exact term, and else a region: %s', (words, kind) => {
    expect(placeKind(words)).toBe(kind);
  });
});
