/** Posts, positions and memberships of FollowTheMoney, as the records that they are here. */
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

  /** An Occupancy: a position, and the state where its post is, if nothing else is known of that. */
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
        ? `names no organization, and its country ${code} is no code of a state`
        : 'names neither an organization nor a country';
      const problem = `the position ${JSON.stringify(post.title ?? postId)} ${wrong}: give it one`;
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

  /** A position with its own record: a Directorship, an Employment, a person's Membership. */
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

/** How a record is named in links. */
export const link = (id: string): string => `ftm:${id}`;

/** What others need to know of a Position. One below the state says where. */
export function postOf(thing: Thing) {
  const { one } = thing;
  const [name, area] = [nameOf(thing), one('subnationalArea')];
  const isToldBoth = !area || name?.toLowerCase().includes(area.toLowerCase());
  return {
    title: name === undefined || isToldBoth ? name : `${name} (${area})`,
    organization: one('organization'),
    country: one('country'),
  };
}

// Private:

/** Since when and until when it held. */
function periodOf(thing: Thing, leftOut: LeftOut) {
  const since = thing.one('startDate') === undefined ? 'date' : 'startDate';
  return { start: dateIn(thing, since, leftOut), end: dateIn(thing, 'endDate', leftOut) };
}
