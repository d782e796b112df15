/**
 * Converts Popolo (popoloproject.com): people, organizations, posts, memberships, areas and events,
 * as EveryPolitician, mySociety and others publish them, in one JSON document or one object per
 * line.
 *
 * A person's membership becomes a Position, an organization's a Membership; areas become Places.
 * Memberships refer to posts, areas and terms by id, so the file is read twice.
 */
import type { Period } from '../../values/partialDate.js';
import type { RecordData } from '../stream/parsedRecord.js';
import { Claims } from './claims.js';
import { organizationKind, positionKind } from './vocabularies.js';
import { LeftOut, type LeftOutCounts } from './leftOut.js';
import { namesOf, textOfField } from './popoloNames.js';
import type { PopoloObject } from './popoloObjects.js';
import { claimantOf, identifiersIn, periodIn, PopoloRecords } from './popoloRecords.js';
import { compact, textOf } from './normalize.js';

type Data = Record<string, unknown>;

interface Post {
  label: string | undefined;
  role: string | undefined;
  organization: string | undefined;
  area: string | undefined;
}

/** What objects of a file need of each other. */
export class PopoloContext {
  readonly #areas = new Map<string, string>();
  readonly #posts = new Map<string, Post>();
  readonly #terms = new Map<string, Period>();
  readonly #legislatures = new Set<string>();
  /** The objects in lists of their own. */
  readonly #listed = new Set<string>();
  /** Nested objects that were read already and are in no list. */
  readonly #embedded = new Set<string>();
  readonly #claims = new Claims();
  readonly #records: PopoloRecords;
  readonly leftOut: LeftOut;

  /**
   * @param ids The scheme of the ids, and the source within which they are unique.
   * @param file The name of the file in messages.
   */
  constructor(ids: { scheme: string; source: string }, file: string) {
    this.leftOut = new LeftOut({ file, line: 1 });
    this.#records = new PopoloRecords({ ...ids, claims: this.#claims, leftOut: this.leftOut });
  }

  /** First pass: collects what other objects refer to. */
  note({ class: name, data, isEmbedded }: PopoloObject): void {
    const id = textOf(data['id']);
    for (const [scheme, value] of identifiersIn(data)) {
      this.#claims.note(scheme, value, claimantOf(name, data));
    }
    if (!id) return;
    if (!isEmbedded) this.#listed.add(`${name} ${id}`);
    if (name === 'areas') this.#areas.set(id, namesOf(data, false).name ?? '');
    if (name === 'events') this.#terms.set(id, periodIn(data));
    if (name === 'posts') {
      this.#posts.set(id, {
        label: textOfField(data, 'label'),
        role: textOfField(data, 'role'),
        organization: textOf(data['organization_id']),
        area: textOf(data['area_id']),
      });
    }
    if (name === 'organizations' && isLegislature(data)) this.#legislatures.add(id);
  }

  /** What was skipped, with counts, after all objects were read. */
  get skipped(): LeftOutCounts {
    return this.leftOut.counts;
  }

  /** Second pass: the records of an object, without those of nested objects. */
  recordsOf(object: PopoloObject): RecordData[] {
    const { origin, class: name, data } = object;
    if (this.#isDuplicate(object)) return [];
    this.leftOut.origin = origin;
    const recordData = (record: Data): RecordData => ({ origin, data: compact(record) });
    switch (name) {
      case 'persons':
        return [recordData(this.#records.person(data))];
      case 'organizations':
        return [recordData(this.#records.organization(data))];
      case 'areas':
        return [recordData(this.#records.area(data))];
      case 'events':
        return [recordData(this.#records.event(data))];
      case 'posts':
        this.#records.countFields(name, data);
        return [];
      case 'memberships':
        this.#records.countFields(name, data);
        return this.#memberships(data).map(recordData);
    }
  }

  // Private:

  /** Whether a nested object is also in a list, or was nested in an earlier object. */
  #isDuplicate({ class: name, data, isEmbedded }: PopoloObject): boolean {
    const id = textOf(data['id']);
    if (!isEmbedded || !id) return false;
    const key = `${name} ${id}`;
    if (this.#listed.has(key) || this.#embedded.has(key)) return true;
    this.#embedded.add(key);
    return false;
  }

  /** A person's post and the party represented; or an organization's membership. */
  #memberships(data: Data): Data[] {
    const link = (id: unknown) => this.#records.link(id);
    const post = this.#posts.get(textOf(data['post_id']) ?? '');
    const organizationId = textOf(data['organization_id']) ?? post?.organization;
    const organization = link(organizationId);
    const period = this.#periodOf(data);
    const person = link(data['person_id']);
    if (!person && textOf(data['member_id']) !== undefined) {
      const member = link(data['member_id']);
      return [{ type: 'Membership', member, organization, role: 'MEMBER', ...period }];
    }
    const [label, role] = [textOfField(data, 'label'), textOfField(data, 'role')];
    const name = label ?? post?.label ?? post?.role ?? role ?? 'member';
    const area = this.#areaOf(data, post);
    const isForArea = area !== undefined && !name.includes(area);
    const inLegislature = this.#legislatures.has(organizationId ?? '');
    const held = {
      type: 'Position',
      person,
      organization,
      title: capitalized(isForArea ? `${name} for ${area}` : name),
      kind: positionKind([role, post?.role, name], inLegislature),
      ...period,
    };
    const party = link(data['on_behalf_of_id']);
    if (!party || party === organization) return [held];
    return [held, { ...held, organization: party, title: 'Member', kind: 'OTHER' }];
  }

  /** The name of a membership's area: its own, else the post's. */
  #areaOf(data: Data, post: Post | undefined): string | undefined {
    const own = textOf(data['area_id']);
    const id = own ?? post?.area;
    if (id === undefined) return undefined;
    // Some files have its name in place of an object.
    const isName = own !== undefined && data['area'] === own;
    return this.#areas.get(id) ?? (isName ? own : undefined);
  }

  /** A membership without dates has those of its term. */
  #periodOf(data: Data): Period {
    const own = this.#records.periodOf('memberships', data);
    const term = this.#terms.get(textOf(data['legislative_period_id']) ?? '');
    return { start: own.start ?? term?.start, end: own.end ?? term?.end };
  }
}

// Private:

const isLegislature = (data: Data): boolean =>
  organizationKind(textOfField(data, 'classification')) === 'LEGISLATURE';

const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
