import type { Database } from '../database/database.js';
import { articles } from './article.js';
import { ArticleBodies } from './articleBodies.js';
import { Entities } from './entity.js';
import { Tombstones } from './erasure/reading.js';
import { eventParticipants, events } from './event.js';
import { memberships } from './membership.js';
import { mentions } from './mention.js';
import { officeAccreditations, officeStatuses, officeStatusRecords, offices } from './office.js';
import { organizations } from './organization.js';
import { people } from './person.js';
import { Edges } from './paths/edges.js';
import { places } from './place.js';
import { positions } from './position.js';
import { Batcher, type BatcherOptions } from './reading/batcher.js';
import { published, type Lens } from './reading/lens.js';
import { Parts } from './reading/parts.js';
import { Queries } from './reading/queries.js';
import { Reader } from './reading/reader.js';
import { references } from './reference.js';
import { ReviewQueue } from './reviewQueue.js';
import { revisions, RevisionNumbers } from './revision.js';
import { Search } from './search/search.js';
import { statementAudiences, statements, statementSubjects } from './statement.js';
import { StatsReader } from './stats.js';
import { Timelines } from './timeline/timeline.js';

export type Knowledge = ReturnType<typeof createKnowledge>;

/**
 * What the knowledge base can be asked, for the whole life of the process: whoever asks in
 * the same moment is answered by the same statement.
 *
 * @param lens Which state of it is read. Default: what everybody may see now.
 */
export function createKnowledge(
  database: Database,
  lens: Lens = published,
  options?: BatcherOptions,
) {
  const queries = new Queries(database, lens);
  const batcher = new Batcher(options);
  return {
    entities: new Entities(queries, batcher),
    organizations: new Reader(queries, batcher, organizations),
    people: new Reader(queries, batcher, people),
    places: new Reader(queries, batcher, places),
    offices: new Reader(queries, batcher, offices),
    officeStatuses: new Parts(queries, batcher, officeStatuses),
    officeStatusRecords: new Reader(queries, batcher, officeStatusRecords),
    officeAccreditations: new Parts(queries, batcher, officeAccreditations),
    positions: new Reader(queries, batcher, positions),
    memberships: new Reader(queries, batcher, memberships),
    events: new Reader(queries, batcher, events),
    eventParticipants: new Parts(queries, batcher, eventParticipants),
    articles: new Reader(queries, batcher, articles),
    articleBodies: new ArticleBodies(queries, batcher),
    statements: new Reader(queries, batcher, statements),
    statementSubjects: new Parts(queries, batcher, statementSubjects),
    statementAudiences: new Parts(queries, batcher, statementAudiences),
    references: new Reader(queries, batcher, references),
    mentions: new Reader(queries, batcher, mentions),
    revisions: new Reader(queries, batcher, revisions),
    revisionNumbers: new RevisionNumbers(queries, batcher),
    reviewQueue: new ReviewQueue(queries),
    search: new Search(queries, batcher),
    edges: new Edges(queries, batcher),
    tombstones: new Tombstones(queries, batcher, lens),
    timelines: new Timelines(queries, batcher),
    stats: new StatsReader(queries, batcher),
  };
}
