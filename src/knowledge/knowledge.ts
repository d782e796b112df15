import type { Database } from '../database/database.js';
import { articleBodies, articles } from './article.js';
import { Entities } from './entity.js';
import { eventParticipants, events, participations } from './event.js';
import { memberships } from './membership.js';
import { mentions } from './mention.js';
import { officeAccreditations, officeStatuses, officeStatusRecords, offices } from './office.js';
import { organizations } from './organization.js';
import { people } from './person.js';
import { places } from './place.js';
import { positions } from './position.js';
import { Batcher } from './reading/batcher.js';
import { Parts } from './reading/parts.js';
import { Reader } from './reading/reader.js';
import { references } from './reference.js';
import { statementAudiences, statements, statementsAbout, statementSubjects } from './statement.js';

export type Knowledge = ReturnType<typeof createKnowledge>;

/**
 * What the knowledge base can be asked, for the whole life of the process: whoever asks in
 * the same moment is answered by the same statement.
 */
export function createKnowledge({ db }: Database) {
  const batcher = new Batcher();
  return {
    entities: new Entities(db, batcher),
    organizations: new Reader(db, batcher, organizations),
    people: new Reader(db, batcher, people),
    places: new Reader(db, batcher, places),
    offices: new Reader(db, batcher, offices),
    officeStatuses: new Parts(db, batcher, officeStatuses),
    officeStatusRecords: new Reader(db, batcher, officeStatusRecords),
    officeAccreditations: new Parts(db, batcher, officeAccreditations),
    positions: new Reader(db, batcher, positions),
    memberships: new Reader(db, batcher, memberships),
    events: new Reader(db, batcher, events),
    participations: new Reader(db, batcher, participations),
    eventParticipants: new Parts(db, batcher, eventParticipants),
    articles: new Reader(db, batcher, articles),
    articleBodies: new Parts(db, batcher, articleBodies),
    statements: new Reader(db, batcher, statements),
    statementsAbout: new Reader(db, batcher, statementsAbout),
    statementSubjects: new Parts(db, batcher, statementSubjects),
    statementAudiences: new Parts(db, batcher, statementAudiences),
    references: new Reader(db, batcher, references),
    mentions: new Reader(db, batcher, mentions),
  };
}
