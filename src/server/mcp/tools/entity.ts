/** The tool `entity`: one entity, and how many facts of each kind there are about it. */
import { z } from 'zod';
import { clip, compact, firstTen, named, namedList, Sources, write } from '../answer.js';
import type { NamedData, PassagesData } from '../answer.js';
import { fit, tokensArgument } from '../budget.js';
import { entityNamed } from '../entities.js';
import { lastStatus, type StatusData } from '../factItems.js';
import { readEntity } from '../operations.js';
import type { Json } from '../reader.js';
import { defineTool } from '../tool.js';
import { subjectNames } from './facts.js';

const input = z.strictObject({
  entity: z.string().min(1).max(300).describe('Slug, id or name, such as nato'),
  maxTokens: tokensArgument,
});

export const entity = defineTool({
  name: 'entity',
  title: 'One entity',
  description:
    'An organization, person, office or place: names, values, the passages that prove them, and how many facts the tool facts has about it.',
  input,
  async run({ entity: given, maxTokens }, reader) {
    const { slug } = await entityNamed(reader, given);
    const { entity: found } = await reader.read<{ entity: EntityData }>(readEntity, { slug });
    const { references, statuses = [], names, urls, identifiers } = found;
    const last = lastStatus(statuses);
    const total = references.nodes.length;
    return fit(total, maxTokens, (count, detail) => {
      const sources = new Sources(reader, { ...detail, passages: total });
      const some = { totalCount: references.totalCount, nodes: references.nodes.slice(0, count) };
      const kind = found.organizationKind ?? found.officeKind ?? found.placeKind;
      return write({
        entity: named(found),
        ...{ type: found.__typename, id: found.id },
        address: reader.addressOf('entity', found.slug),
        description: clip(found.description, detail),
        ...{ kind, status: last?.status, since: last?.start, until: last?.end },
        ...{ birthDate: found.birthDate, deathDate: found.deathDate, isoCode: found.isoCode },
        ...{ staffCount: found.staffCount, postalAddress: clip(found.address, detail) },
        ...{ organization: named(found.organization), parent: named(found.parent) },
        ...{ home: named(found.home), place: named(found.place), within: named(found.within) },
        country: named(found.country ?? found.place?.country),
        accreditedTo: namedList([
          ...(found.accreditedTo ? [found.accreditedTo] : []),
          ...(found.alsoAccreditedTo ?? []),
        ]),
        coordinates: found.coordinates ? compact({ ...found.coordinates }) : undefined,
        otherNames: firstTen(
          names.filter(({ name }) => name !== found.name).map(({ name }) => name),
          (name) => clip(name, { characters: 120 }) ?? '',
        ),
        identifiers: firstTen(identifiers, ({ scheme, value }) => `${scheme}:${value}`),
        urls: firstTen(urls, (url) => url),
        ...sources.passages(some),
        statusPassages: last && (sources.passages(last.references)['passages'] ?? undefined),
        sources: sources.toJSON(),
        facts: countsOf(found),
      });
    });
  },
});

// Private:

type Counted = { totalCount: number };

type EntityData = NamedData & {
  __typename: string;
  id: string;
  description: string | null;
  urls: string[];
  names: { name: string; kind: string; language: string | null }[];
  identifiers: { scheme: string; value: string }[];
  references: PassagesData;
} & Partial<{
    organizationKind: string;
    officeKind: string;
    placeKind: string;
    parent: NamedData | null;
    home: NamedData | null;
    birthDate: string | null;
    deathDate: string | null;
    staffCount: number | null;
    address: string | null;
    organization: NamedData | null;
    place: (NamedData & { country: NamedData | null }) | null;
    accreditedTo: NamedData | null;
    alsoAccreditedTo: NamedData[];
    statuses: StatusData[];
    isoCode: string | null;
    coordinates: { latitude: number; longitude: number } | null;
    within: NamedData | null;
    country: NamedData | null;
  }>;

/** How many facts of each kind there are; those that the type has none of are left out. */
const countsOf = (found: EntityData): Record<string, Json> =>
  compact(
    Object.fromEntries(
      subjectNames.map((name) => {
        const list = (found as unknown as Record<string, Counted | undefined>)[name];
        return [name, list?.totalCount || undefined];
      }),
    ),
  );
