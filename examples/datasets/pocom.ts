/**
 * The chiefs of mission and principal officers of the United States since 1778, as the Office of
 * the Historian publishes them (HistoryAtState/pocom, CC0): people, missions, appointments.
 *
 * An appointment becomes a Position in the mission. The title of one that led to no service says so,
 * so that a query for the ambassador of a day returns the one who served.
 */
import { readRows, type StreamRecord } from './rows.ts';

interface Person {
  id: string;
  name: string;
  birth?: string;
  death?: string;
}

interface Organization {
  id: string;
  name: string;
  kind: string;
}

interface Appointment {
  id: string;
  personId: string;
  organizationId: string;
  role: string;
  appointed?: string;
  start?: string;
  end?: string;
  note?: string;
  kind: string;
}

export async function* pocom(folder: string): AsyncGenerator<StreamRecord> {
  for await (const { id, name, kind } of readRows<Organization>(
    folder,
    'pocom-organizations.jsonl',
  )) {
    yield {
      type: 'Organization',
      name,
      kind: kind === 'ministry' ? 'MINISTRY' : 'OTHER',
      identifiers: { pocom: id },
    };
  }
  for await (const { id, name, birth, death } of readRows<Person>(folder, 'pocom-people.jsonl')) {
    yield {
      type: 'Person',
      name,
      birthDate: birth,
      deathDate: death,
      identifiers: { pocom: id },
    };
  }
  const appointments: Appointment[] = [];
  for await (const row of readRows<Appointment>(folder, 'pocom-appointments.jsonl'))
    appointments.push(row);
  yield* positionsOf(appointments);
}

// Private:

/** Words for an appointment that led to no service. */
const unserved =
  /not (serve|served|commissioned|present credentials|proceed|take)|declined|withdrawn|cancel+ed|rejected|returned by|not acted upon|tabled/i;

function* positionsOf(appointments: Appointment[]): Generator<StreamRecord> {
  const held = new Map<string, { start: string; end: string }[]>();
  for (const appointment of appointments) {
    const { personId, organizationId, role, note = '' } = appointment;
    const { start, end } = periodOf(appointment);
    const isUnserved = !appointment.start || (!end && unserved.test(note));
    let title = isUnserved ? `${role} (did not serve)` : role;
    // Some were commissioned again while they served, or the dates of two appointments overlap.
    for (let i = 2; overlaps(held, keyOf(title)); i++) title = `${role} (appointment ${i})`;
    yield {
      type: 'Position',
      person: `pocom:${personId}`,
      organization: `pocom:${organizationId}`,
      title,
      kind: appointment.kind === 'chief-of-mission' ? 'AMBASSADOR' : 'OFFICIAL',
      start,
      end: isUnserved ? (end ?? start) : end,
    };

    function keyOf(name: string) {
      return {
        key: JSON.stringify([personId, organizationId, name]),
        start: start ?? '',
        end: end ?? '9999',
      };
    }
  }
}

function overlaps(
  held: Map<string, { start: string; end: string }[]>,
  { key, start, end }: { key: string; start: string; end: string },
): boolean {
  const others = held.get(key) ?? [];
  if (others.some((other) => other.start === start || (start < other.end && other.start < end)))
    return true;
  held.set(key, [...others, { start, end }]);
  return false;
}

/** Where the start is after the end, the day of the appointment is used instead. */
function periodOf({ appointed, start, end }: Appointment) {
  const isSlip = start !== undefined && end !== undefined && end < start;
  return { start: isSlip ? appointed : (start ?? appointed), end };
}
