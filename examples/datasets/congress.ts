/**
 * The Congress of the United States (unitedstates/congress-legislators, CC0): members since 1789,
 * chambers and committees, seats of those in office, and their offices in Washington and at home.
 *
 * A seat becomes a Position in the chamber; the office of a member becomes an Office that the
 * chamber keeps, in a city that lies in a state.
 */
import { countryPlace } from './countries.ts';
import { readRows, slugify, type StreamRecord } from './rows.ts';

interface Member {
  id: string;
  name: string;
  birth?: string;
  nickname?: string;
  wikidata?: string;
}

interface Body {
  id: string;
  name: string;
  parent?: string;
  kind?: string;
}

interface Seat {
  personId: string;
  organizationId: string;
  role: string;
  area?: string;
  start?: string;
  end?: string;
}

interface MemberOffice {
  id: string;
  personId: string;
  kind: string;
  name?: string;
  address?: string;
  city: string;
  state: string;
  lat?: number;
  lon?: number;
}

/** @param warn Called with each error in the data and how it was handled. */
export async function* congress(
  folder: string,
  warn: (message: string) => void,
): AsyncGenerator<StreamRecord> {
  yield countryPlace('United States');
  for await (const { id, name, parent, kind } of readRows<Body>(
    folder,
    'congress-organizations.jsonl',
  )) {
    yield {
      type: 'Organization',
      name,
      kind: kind ? 'COMMITTEE' : id === 'us-executive' ? 'GOVERNMENT' : 'LEGISLATURE',
      parent: parent && `us-congress:${parent}`,
      identifiers: { 'us-congress': id },
    };
  }
  const names = new Map<string, string>();
  for await (const { id, name, birth, nickname, wikidata } of readRows<Member>(
    folder,
    'congress-people.jsonl',
  )) {
    names.set(id, name);
    yield {
      type: 'Person',
      name,
      names: nickname ? [{ name: nickname, kind: 'ALTERNATIVE' }] : undefined,
      birthDate: birth,
      identifiers: { bioguide: id, ...(wikidata && { wikidata }) },
    };
  }
  const chambers = new Map<string, string>();
  for await (const seat of readRows<Seat>(folder, 'congress-memberships.jsonl')) {
    const { personId, organizationId, role, area, start, end } = seat;
    if (/^us-(house|senate)$/.test(organizationId)) chambers.set(personId, organizationId);
    yield {
      type: 'Position',
      person: `bioguide:${personId}`,
      organization: `us-congress:${organizationId}`,
      title: area ? `${role} for ${area}` : role,
      kind: /^(Senator|Representative|Member)/.test(role) ? 'LEGISLATOR' : 'OFFICIAL',
      start,
      end,
    };
  }
  yield* offices(folder, names, chambers, warn);
}

// Private:

async function* offices(
  folder: string,
  names: Map<string, string>,
  chambers: Map<string, string>,
  warn: (message: string) => void,
): AsyncGenerator<StreamRecord> {
  const places = new Set<string>();
  for await (const office of readRows<MemberOffice>(folder, 'congress-offices.jsonl')) {
    const { id, personId, kind, address, city, state, lat, lon } = office;
    const stateSlug = `us-state-${slugify(state)}`;
    const citySlug = `${slugify(city)}-${slugify(state)}-us`;
    if (!places.has(stateSlug)) {
      yield {
        type: 'Place',
        slug: stateSlug,
        name: state,
        kind: 'REGION',
        within: countryPlace('United States').slug,
        isoCode: `US-${state}`,
      };
    }
    if (!places.has(citySlug)) {
      yield { type: 'Place', slug: citySlug, name: city, kind: 'CITY', within: stateSlug };
    }
    places.add(stateSlug).add(citySlug);
    const isOnEarth = Math.abs(lat ?? 0) <= 90 && Math.abs(lon ?? 0) <= 180;
    if (!isOnEarth) warn(`${id} stands at ${lat}, ${lon}, which is not on Earth; left out`);
    yield {
      type: 'Office',
      name: `Office of ${names.get(personId)} in ${city}, ${state}`,
      organization: `us-congress:${chambers.get(personId) ?? 'us-house'}`,
      kind: kind === 'district' ? 'DISTRICT' : 'OTHER',
      place: citySlug,
      address,
      ...(lat !== undefined && lon !== undefined && isOnEarth && { latitude: lat, longitude: lon }),
      identifiers: { 'us-congress-office': id },
    };
  }
}
