import type { Database } from '../database/database.js';
import { articles } from './model/article.js';
import { ArticleBodies } from './model/articleBodies.js';
import { Entities } from './model/entity.js';
import { Tombstones } from './erasure/tombstoneReader.js';
import { eventParticipants, events } from './model/event.js';
import { memberships } from './model/membership.js';
import { mentions } from './model/mention.js';
import {
  officeAccreditations,
  officeStatuses,
  officeStatusRecords,
  offices,
} from './model/office.js';
import { organizations } from './model/organization.js';
import { people } from './model/person.js';
import { Edges } from './discovery/paths/edges.js';
import { places } from './model/place.js';
import { positions } from './model/position.js';
import { Batcher, type BatcherOptions } from './reading/batcher.js';
import { published, type Visibility } from './reading/visibility.js';
import { Parts } from './reading/parts.js';
import { Queries } from './reading/queries.js';
import { Reader } from './reading/reader.js';
import { references } from './model/reference.js';
import { ReviewQueue } from './history/reviewQueue.js';
import { revisions, RevisionNumbers } from './history/revision.js';
import { Search } from './discovery/search/search.js';
import { statementAudiences, statements, statementSubjects } from './model/statement.js';
import { StatsReader } from './discovery/stats.js';
import { Timelines } from './discovery/timeline/timeline.js';

export type Knowledge = ReturnType<typeof createKnowledge>;

/**
 * The readers of the knowledge base, for the life of the process: requests that read at the same
 * time share statements.
 *
 * @param visibility The state that is read. Default: what is published now.
 */
export function createKnowledge(
  database: Database,
  visibility: Visibility = published,
  options?: BatcherOptions,
) {
  const queries = new Queries(database, visibility);
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
    articleBodies: new ArticleBodies(queries, batcher, visibility),
    statements: new Reader(queries, batcher, statements),
    statementSubjects: new Parts(queries, batcher, statementSubjects),
    statementAudiences: new Parts(queries, batcher, statementAudiences),
    references: new Reader(queries, batcher, references),
    mentions: new Reader(queries, batcher, mentions),
    revisions: new Reader(queries, batcher, revisions),
    revisionNumbers: new RevisionNumbers(queries, batcher),
    reviewQueue: new ReviewQueue(queries),
    search: new Search(queries, batcher, visibility),
    edges: new Edges(queries, batcher),
    tombstones: new Tombstones(queries, batcher, visibility),
    timelines: new Timelines(queries, batcher),
    stats: new StatsReader(queries, batcher),
  };
}
