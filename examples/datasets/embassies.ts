/**
 * Loads the world's diplomatic missions, as the Database of Embassies lists them from
 * Wikidata (CC0), from a file with one JSON record a line.
 *
 *     node examples/datasets/load.ts embassies embassies.jsonl
 *
 * A state becomes an Organization (`japan`) at home in a Place of its own (`japan-territory`);
 * a mission becomes an Office of that state, standing in a city and accredited to a state.
 */
import { readFile } from 'node:fs/promises';
import { publicView, type Chancery, type ImportSummary } from 'chancery';

interface Mission {
  id: string;
  operator: string;
  operatorQid: string;
  country: string;
  countryQid: string;
  city?: string;
  cityQid?: string;
  lat?: number;
  lon?: number;
  website?: string;
  kind: string;
  jurisdictions?: string[];
}

export interface Loaded {
  summary: ImportSummary;
  /** Identifiers that the file gives to more than one mission; only the first one keeps it. */
  doubled: string[];
}

export async function loadEmbassies(chancery: Chancery, file: string): Promise<Loaded> {
  const lines = (await readFile(file, 'utf8')).split('\n').filter(Boolean);
  const missions = lines.map((line) => JSON.parse(line) as Mission);
  const slugs = await knownSlugs(chancery, missions);
  const { dossier, doubled } = toDossier(missions, slugs);
  return { summary: await chancery.importDossier({ name: file, data: dossier }), doubled };
}

// Private:

type Fields = Record<string, unknown> & { slug: string };

/** The slugs of what the knowledge base knows already, by Wikidata identifier. */
async function knownSlugs(
  { knowledge }: Chancery,
  missions: Mission[],
): Promise<Map<string, string>> {
  const qids = new Set(
    missions.flatMap(({ operatorQid, countryQid, cityQid }) => [operatorQid, countryQid, cityQid]),
  );
  const found = await Promise.all(
    [...qids].map(async (qid) => {
      const entity = qid && (await knowledge.entities.byIdentifier(publicView, 'wikidata', qid));
      return entity ? ([qid, entity.slug] as const) : undefined;
    }),
  );
  return new Map(found.filter((entry) => entry !== undefined));
}

function toDossier(missions: Mission[], known: Map<string, string>) {
  const states = new Map<string, Fields>();
  const places = new Map<string, Fields>();
  const offices = new Map<string, Fields>();
  const slugsByName = new Map<string, string>();
  const seen = new Set<string>();
  const doubled: string[] = [];

  const missionIds = new Set(missions.map(({ id }) => id));
  const addState = (name: string, qid: string): string => {
    // Where the data give a mission as the operator, the name still tells the state.
    const named = slugsByName.get(name);
    if (named && missionIds.has(qid)) return named;
    const slug = known.get(qid) ?? distinct(slugify(name), qid, states, places);
    const territory = `${slug}-territory`;
    if (!states.has(slug)) {
      states.set(slug, {
        slug,
        name,
        kind: 'STATE',
        home: territory,
        identifiers: { wikidata: qid },
      });
      places.set(territory, { slug: territory, name, kind: 'COUNTRY' });
      if (!slugsByName.has(name)) slugsByName.set(name, slug);
    }
    known.set(qid, slug);
    return slug;
  };
  const addCity = (name: string, qid: string, state: string): string => {
    // A city-state is one item for both.
    if (states.has(known.get(qid) ?? '')) return `${known.get(qid)}-territory`;
    const slug = known.get(qid) ?? distinct(slugify(name), qid, places, states);
    if (!places.has(slug)) {
      places.set(slug, {
        slug,
        name,
        kind: 'CITY',
        within: `${state}-territory`,
        identifiers: { wikidata: qid },
      });
    }
    known.set(qid, slug);
    return slug;
  };

  for (const { operator, operatorQid, country, countryQid } of missions) {
    addState(operator, operatorQid);
    addState(country, countryQid);
  }
  for (const mission of missions) {
    const state = addState(mission.operator, mission.operatorQid);
    const host = addState(mission.country, mission.countryQid);
    const { city, cityQid, kind } = mission;
    const seenBefore = seen.has(mission.id);
    if (seenBefore) doubled.push(mission.id);
    const slug = slugify(
      `${state} ${kind} ${city ?? host} ${mission.id}${seenBefore ? ' again' : ''}`,
    );
    seen.add(mission.id);
    offices.set(slug, {
      slug,
      name: `${capitalized(kind)} of ${mission.operator} in ${city ?? mission.country}`,
      kind: kinds[kind] ?? 'OTHER',
      organization: state,
      place: city && cityQid ? addCity(city, cityQid, host) : `${host}-territory`,
      accreditedTo: host,
      alsoAccreditedTo: (mission.jurisdictions ?? [])
        .map((name) => slugsByName.get(name))
        .filter((other, i, all) => other && other !== host && all.indexOf(other) === i),
      ...(seenBefore ? {} : { identifiers: { wikidata: mission.id } }),
      ...(mission.website && /^https?:\/\/[\w.-]+(\/\S*)?$/.test(mission.website)
        ? { urls: [mission.website] }
        : {}),
      ...(mission.lat === undefined || mission.lon === undefined
        ? {}
        : { latitude: mission.lat, longitude: mission.lon }),
    });
  }
  return {
    dossier: {
      organizations: [...states.values()],
      places: [...places.values()],
      offices: [...offices.values()],
    },
    doubled,
  };
}

const kinds: Record<string, string> = {
  embassy: 'EMBASSY',
  'Embassy of the United States': 'EMBASSY',
  'de facto embassy': 'REPRESENTATIVE',
  'de facto consulate': 'REPRESENTATIVE',
  'representative office': 'REPRESENTATIVE',
  'Taipei Representative Office': 'REPRESENTATIVE',
  'Quebec Government Office': 'REPRESENTATIVE',
  'high commission': 'HIGH_COMMISSION',
  'British High Commission': 'HIGH_COMMISSION',
  'Australian High Commission': 'HIGH_COMMISSION',
  'assistant high commission': 'HIGH_COMMISSION',
  'apostolic nunciature': 'NUNCIATURE',
  'Apostolic delegation': 'NUNCIATURE',
  consulate: 'CONSULATE',
  'consular office': 'CONSULATE',
  'Consular Agency': 'CONSULATE',
  'consulates of Sweden': 'CONSULATE',
  'consulate general': 'CONSULATE_GENERAL',
  'Consulate General of Sweden': 'CONSULATE_GENERAL',
  'Consulate General of Belgium': 'CONSULATE_GENERAL',
  'honorary consulate': 'HONORARY_CONSULATE',
  'liaison office': 'LIAISON',
  'permanent mission': 'MISSION',
  'diplomatic mission': 'MISSION',
  'diplomatic mission of El Salvador': 'MISSION',
};

/** Two places may have one name; the second takes its identifier into its slug. */
const distinct = (slug: string, qid: string, ...taken: Map<string, unknown>[]): string =>
  slug && !taken.some((slugs) => slugs.has(slug)) ? slug : slugify(`${slug} ${qid}`);

const slugify = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');

const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
