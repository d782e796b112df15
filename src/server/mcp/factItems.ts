/** Facts as items of an answer: what GraphQL returns of them, and how they are written. */
import type { Detail } from './budget.js';
import {
  clip,
  compact,
  named,
  namedList,
  type NamedData,
  type PassagesData,
  type Sources,
} from './answer.js';
import type { Json } from './reader.js';

export interface OfficeData {
  __typename: 'Office';
  id: string;
  slug: string;
  name: string;
  officeKind: string;
  staffCount: number | null;
  organization: NamedData | null;
  place: (NamedData & { country: NamedData | null }) | null;
  accreditedTo: NamedData | null;
  statuses: StatusData[];
  references: PassagesData;
}

export interface StatusData {
  status: string;
  start: string | null;
  end: string | null;
  references: PassagesData;
}

interface PositionData {
  __typename: 'Position';
  id: string;
  title: string;
  positionKind: string;
  start: string | null;
  end: string | null;
  person: NamedData | null;
  organization: NamedData | null;
  references: PassagesData;
}

interface MembershipData {
  __typename: 'Membership';
  id: string;
  role: string;
  start: string | null;
  end: string | null;
  member: NamedData | null;
  organization: NamedData | null;
  references: PassagesData;
}

export interface StatementData {
  __typename: 'Statement';
  id: string;
  text: string;
  statementKind: string;
  saidOn: string | null;
  occasion: string | null;
  speaker: NamedData | null;
  onBehalfOf: NamedData | null;
  audience: NamedData[];
  about: NamedData[];
  place: NamedData | null;
  reportedBy: NamedData | null;
  references: PassagesData;
}

interface EventData {
  __typename: 'Event';
  id: string;
  slug: string;
  name: string;
  eventKind: string;
  start: string | null;
  end: string | null;
  place: NamedData | null;
  participants: NamedData[];
  references: PassagesData;
}

export type FactData = OfficeData | PositionData | MembershipData | StatementData | EventData;

/** A fact with its passages. */
export function factItem(fact: FactData, sources: Sources, detail: Detail): Record<string, Json> {
  switch (fact.__typename) {
    case 'Office':
      return officeItem(fact, sources);
    case 'Position':
      return compact({
        position: clip(fact.title, detail),
        kind: fact.positionKind,
        person: named(fact.person),
        organization: named(fact.organization),
        ...{ start: fact.start, end: fact.end, id: fact.id },
        ...sources.passages(fact.references),
      });
    case 'Membership':
      return compact({
        role: fact.role,
        member: named(fact.member),
        organization: named(fact.organization),
        ...{ start: fact.start, end: fact.end, id: fact.id },
        ...sources.passages(fact.references),
      });
    case 'Statement':
      return statementItem(fact, sources, detail);
    case 'Event':
      return compact({
        event: named(fact),
        kind: fact.eventKind,
        place: named(fact.place),
        participants: namedList(fact.participants),
        ...{ start: fact.start, end: fact.end, id: fact.id },
        ...sources.passages(fact.references),
      });
  }
}

/** The statuses of an office, the last one first in the answer. */
export const lastStatus = (statuses: readonly StatusData[]): StatusData | undefined =>
  statuses.at(-1);

// Private:

function officeItem(fact: OfficeData, sources: Sources): Record<string, Json> {
  const last = lastStatus(fact.statuses);
  return compact({
    office: named(fact),
    kind: fact.officeKind,
    ...{ status: last?.status, since: last?.start, until: last?.end },
    organization: named(fact.organization),
    place: fact.place?.name,
    country: fact.place?.country?.name,
    accreditedTo: named(fact.accreditedTo),
    staffCount: fact.staffCount,
    id: fact.id,
    ...sources.passages(fact.references, last?.references),
  });
}

const statementItem = (
  fact: StatementData,
  sources: Sources,
  detail: Detail,
): Record<string, Json> =>
  compact({
    text: clip(fact.text, detail),
    kind: fact.statementKind,
    speaker: named(fact.speaker),
    onBehalfOf: named(fact.onBehalfOf),
    audience: namedList(fact.audience),
    about: namedList(fact.about),
    saidOn: fact.saidOn,
    occasion: clip(fact.occasion, detail),
    place: named(fact.place),
    reportedBy: named(fact.reportedBy),
    id: fact.id,
    ...sources.passages(fact.references),
  });
