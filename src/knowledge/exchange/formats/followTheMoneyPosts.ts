/** Converts FollowTheMoney's posts, positions and memberships to records. */
import { dateIn, nameOf, type Thing } from './followTheMoneyThing.js';
import type { LeftOut } from './leftOut.js';
import { territoryOf } from './territories.js';
import { positionKind } from './vocabularies.js';

type Data = Record<string, unknown>;

export class Posts {
  readonly #posts = new Map<
    string,
    {
      title: string | undefined;
      organization: string | undefined;
      country: string | undefined;
    }
  >();
  readonly #states = new Set<string>();
  readonly #organizations: ReadonlySet<string>;
  readonly #leftOut: LeftOut;

  /** @param organizations The ids of all organizations of the file. */
  constructor(organizations: ReadonlySet<string>, leftOut: LeftOut) {
    this.#organizations = organizations;
    this.#leftOut = leftOut;
  }

  note(thing: Thing): void {
    this.#posts.set(thing.id, postOf(thing));
  }

  /** An Occupancy: a position and, if nothing else is known of it, the state of its post. */
  occupancy(thing: Thing): Data[] {
    const { one } = thing;
    const [holder, postId] = [one('holder'), one('post')];
    const post = this.#posts.get(postId ?? '');
    if (!post)
      return [
        {
          problem: `no Position of this file has the id ${JSON.stringify(postId ?? null)}, which "post" gives`,
        },
      ];
    const period = periodOf(thing, this.#leftOut);
    const fact = { type: 'Position', person: holder && link(holder), title: post.title, ...period };
    if (post.organization) {
      return [
        { ...fact, organization: link(post.organization), kind: positionKind([post.title], false) },
      ];
    }
    const territory = territoryOf(post.country ?? '');
    if (!territory) {
      const code = JSON.stringify(post.country);
      const wrong = post.country
        ? `names no organization, and its country ${code} is not the code of a state`
        : 'names neither an organization nor a country';
      const problem = `the position ${JSON.stringify(post.title ?? postId)} ${wrong}: add one`;
      return [{ problem }];
    }
    const { scheme, code, name, kind } = territory;
    const organization = `${scheme}:${code}`;
    const isNew = !this.#states.has(organization);
    this.#states.add(organization);
    return [
      ...(isNew
        ? [
            {
              isStandIn: true,
              type: 'Organization',
              name,
              kind,
              identifiers: { [scheme]: code },
            },
          ]
        : []),
      { ...fact, organization, kind: positionKind([post.title], false) },
    ];
  }

  /** A position from one entity: a Directorship, an Employment, a person's Membership. */
  post(thing: Thing, person: string, organization: string, title: string): Data[] {
    const { one } = thing;
    const [who, where] = [one(person), one(organization)];
    const role = one('role') ?? title;
    return [
      {
        type: 'Position',
        person: who && link(who),
        organization: where && link(where),
        title: role,
        kind: positionKind([role], false),
        ...periodOf(thing, this.#leftOut),
      },
    ];
  }

  membership(thing: Thing): Data[] {
    const member = thing.one('member');
    if (!member || !this.#organizations.has(member)) {
      return this.post(thing, 'member', 'organization', 'Member');
    }
    const organization = thing.one('organization');
    return [
      {
        type: 'Membership',
        member: link(member),
        organization: organization && link(organization),
        role: 'MEMBER',
        ...periodOf(thing, this.#leftOut),
      },
    ];
  }
}

/** The name of a record in links. */
export const link = (id: string): string => `ftm:${id}`;

/** The title and organization of a Position. A title below the national level includes the area. */
export function postOf(thing: Thing) {
  const { one } = thing;
  const [name, area] = [nameOf(thing), one('subnationalArea')];
  const includesArea = !area || name?.toLowerCase().includes(area.toLowerCase());
  return {
    title: name === undefined || includesArea ? name : `${name} (${area})`,
    organization: one('organization'),
    country: one('country'),
  };
}

// Private:

/** The start and end of a term. */
function periodOf(thing: Thing, leftOut: LeftOut) {
  const since = thing.one('startDate') === undefined ? 'date' : 'startDate';
  return { start: dateIn(thing, since, leftOut), end: dateIn(thing, 'endDate', leftOut) };
}
