/**
 * The world's diplomatic missions, as the Database of Embassies lists them from Wikidata (CC0).
 *
 * A state becomes an Organization at home in the Place of its country; a mission becomes an Office of
 * that state, located in a city and accredited to a state. The list has no status of a mission, so
 * its description says that the status is unknown.
 */
import { countryPlace } from './countries.ts';
import { readRows, type StreamRecord } from './rows.ts';

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

/** @param warn Called with each error in the data and how it was handled. */
export async function* embassies(
  folder: string,
  warn: (message: string) => void,
): AsyncGenerator<StreamRecord> {
  const missions: Mission[] = [];
  for await (const mission of readRows<Mission>(folder, 'embassies.jsonl')) missions.push(mission);
  const states = statesOf(missions);
  const places = new Set<string>();
  const placeOf = (qid: string) => countryPlace(states.names.get(qid) ?? qid).slug;
  for (const [qid, name] of states.names) {
    yield {
      type: 'Organization',
      name,
      kind: 'STATE',
      home: countryPlace(name).slug,
      identifiers: { wikidata: qid },
    };
    if (!places.has(countryPlace(name).slug)) yield countryPlace(name);
    places.add(countryPlace(name).slug);
  }
  const cities = new Set<string>();
  const seen = new Set<string>();
  for (const mission of missions) {
    const { id, city, cityQid, country, kind, operator, website, lat, lon } = mission;
    const host = states.qidOf(country, mission.countryQid);
    // A city-state is one item for both.
    const stands = city && cityQid && !states.names.has(cityQid) ? cityQid : undefined;
    if (stands && !cities.has(stands)) {
      cities.add(stands);
      yield {
        type: 'Place',
        name: city,
        kind: 'CITY',
        within: placeOf(host),
        identifiers: { wikidata: stands },
      };
    }
    if (seen.has(id)) warn(`${id} names more than one mission; only the first keeps it`);
    yield {
      type: 'Office',
      name: `${capitalized(kind)} of ${operator} in ${city ?? country}`,
      kind: kinds[kind] ?? 'OTHER',
      description: 'The source does not say since when it is open, or whether it still is.',
      organization: `wikidata:${states.qidOf(operator, mission.operatorQid)}`,
      place: stands ? `wikidata:${stands}` : placeOf(host),
      accreditedTo: `wikidata:${host}`,
      alsoAccreditedTo: (mission.jurisdictions ?? [])
        .flatMap((name) => states.byName.get(name) ?? [])
        .filter((qid, i, all) => qid !== host && all.indexOf(qid) === i)
        .map((qid) => `wikidata:${qid}`),
      identifiers: seen.has(id) ? { [again]: id } : { wikidata: id },
      urls: website && /^https?:\/\/[\w.-]+(\/\S*)?$/.test(website) ? [website] : undefined,
      ...(lat !== undefined && lon !== undefined && { latitude: lat, longitude: lon }),
    };
    seen.add(id);
  }
}

// Private:

/** The scheme of a mission whose identifier another mission has. */
const again = 'wikidata-again';

/** All states that keep or host a mission. */
function statesOf(missions: Mission[]) {
  const names = new Map<string, string>();
  const byName = new Map<string, string>();
  const missionIds = new Set(missions.map(({ id }) => id));
  const qidOf = (name: string, qid: string): string =>
    // Where the data give a mission as the operator, its name still contains the state.
    missionIds.has(qid) ? (byName.get(name) ?? qid) : qid;
  const pairs = missions.flatMap((mission) => [
    [mission.operator, mission.operatorQid] as const,
    [mission.country, mission.countryQid] as const,
  ]);
  for (const [name, qid] of pairs) {
    if (!missionIds.has(qid) && !byName.has(name)) byName.set(name, qid);
  }
  for (const [name, qid] of pairs) names.set(qidOf(name, qid), name);
  return { names, byName, qidOf };
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

const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
