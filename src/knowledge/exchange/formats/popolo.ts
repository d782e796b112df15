/**
 * Popolo (popoloproject.com): people, organizations, posts, memberships, areas and events of
 * parliaments and governments, as EveryPolitician, mySociety and many others publish them, in
 * one JSON document or one object a line.
 *
 * A membership of a person is a Position here, one of an organization a Membership; areas are
 * Places. What a membership says only by the id of another object (its post, its area, its
 * term) is looked up, so the file is read twice.
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

/** What the objects of a file need to know of each other. */
export class PopoloContext {
  readonly #areas = new Map<string, string>();
  readonly #posts = new Map<string, Post>();
  readonly #terms = new Map<string, Period>();
  readonly #legislatures = new Set<string>();
  /** The objects that are given in a list of their own. */
  readonly #whole = new Set<string>();
  /** Those that were taken from within another object, as no list has them. */
  readonly #embedded = new Set<string>();
  readonly #claims = new Claims();
  readonly #records: PopoloRecords;
  readonly leftOut: LeftOut;

  /**
   * @param ids The scheme of the ids, and the source within which they hold.
   * @param file The file as it is named in messages.
   */
  constructor(ids: { scheme: string; source: string }, file: string) {
    this.leftOut = new LeftOut({ file, line: 1 });
    this.#records = new PopoloRecords({ ...ids, claims: this.#claims, leftOut: this.leftOut });
  }

  /** Takes note of what other objects will refer to. */
  note({ class: name, data, isEmbedded }: PopoloObject): void {
    const id = textOf(data['id']);
    for (const [scheme, value] of identifiersIn(data)) {
      this.#claims.note(scheme, value, claimantOf(name, data));
    }
    if (!id) return;
    if (!isEmbedded) this.#whole.add(`${name} ${id}`);
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

  /** What was left out, and how often, when all objects were read. */
  get skipped(): LeftOutCounts {
    return this.leftOut.counts;
  }

  /** The records that an object is here; objects within it are objects of their own. */
  recordsOf(object: PopoloObject): RecordData[] {
    const { origin, class: name, data } = object;
    if (this.#isToldElsewhere(object)) return [];
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

  /** Whether an object within another one is also given in a list, or was within an earlier one. */
  #isToldElsewhere({ class: name, data, isEmbedded }: PopoloObject): boolean {
    const id = textOf(data['id']);
    if (!isEmbedded || !id) return false;
    const key = `${name} ${id}`;
    if (this.#whole.has(key) || this.#embedded.has(key)) return true;
    this.#embedded.add(key);
    return false;
  }

  /** The post that a person holds, and the party for which he holds it; or an organization's membership. */
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

  /** The name of the area that a membership is for: its own, else that of its post. */
  #areaOf(data: Data, post: Post | undefined): string | undefined {
    const own = textOf(data['area_id']);
    const id = own ?? post?.area;
    if (id === undefined) return undefined;
    // Some give its name in place of an object.
    const isName = own !== undefined && data['area'] === own;
    return this.#areas.get(id) ?? (isName ? own : undefined);
  }

  /** A membership without dates of its own lasts as long as its term. */
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
