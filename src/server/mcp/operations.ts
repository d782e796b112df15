/**
 * The GraphQL operations of the tools for agents. Calls differ in variables only, so that each
 * operation is parsed and compiled once.
 */

/** A reference with what a reader needs to look it up. */
const passages = `
  fragment Passages on ReferenceConnection {
    totalCount
    nodes {
      id field exact start end verified
      article { id slug title url publishedOn publisher { name } }
    }
  }`;

const officeFact = `
  fragment OfficeFact on Office {
    __typename id slug name officeKind: kind staffCount
    organization { slug name }
    place { slug name country { slug name } }
    accreditedTo { slug name }
    statuses { status start end references(first: 2) { ...Passages } }
    references(first: 2) { ...Passages }
  }`;

const positionFact = `
  fragment PositionFact on Position {
    __typename id title positionKind: kind start end
    person { slug name }
    organization { slug name }
    references(first: 2) { ...Passages }
  }`;

const membershipFact = `
  fragment MembershipFact on Membership {
    __typename id role start end
    member { slug name }
    organization { slug name }
    references(first: 2) { ...Passages }
  }`;

const statementFact = `
  fragment StatementFact on Statement {
    __typename id text statementKind: kind saidOn occasion
    speaker { slug name }
    onBehalfOf { slug name }
    audience { slug name }
    about { slug name }
    place { slug name }
    reportedBy { slug name }
    references(first: 2) { ...Passages }
  }`;

const eventFact = `
  fragment EventFact on Event {
    __typename id slug name eventKind: kind start end
    place { slug name }
    participants { slug name }
    references(first: 2) { ...Passages }
  }`;

/** One operation, and the name by which logs and metrics report it. */
export interface McpOperation {
  readonly operationName: string;
  readonly query: string;
}

const operation = (operationName: string, query: string): McpOperation => ({
  operationName,
  query: query.trim(),
});

/** The entity that an argument names, by slug or by id. */
export const findEntity = operation(
  'McpFind',
  `
  query McpFind($slug: String!, $id: ID!, $byId: Boolean!) {
    entity(slug: $slug) @skip(if: $byId) { id slug name recordType }
    node(id: $id) @include(if: $byId) { ... on Entity { id slug name recordType } }
  }`,
);

export const suggestEntities = operation(
  'McpSuggest',
  `
  query McpSuggest($name: String!) {
    search(query: $name, first: 5, filter: { recordType: [ORGANIZATION, PERSON, OFFICE, PLACE] }) {
      nodes { node { ... on Entity { slug name names { name } } } }
    }
  }`,
);

export const readFacts = operation(
  'McpFacts',
  `
  query McpFacts(
    $slug: String!, $first: Int!, $after: String
    $offices: Boolean!, $accreditedOffices: Boolean!, $positions: Boolean!, $members: Boolean!
    $memberships: Boolean!, $statements: Boolean!, $statementsAbout: Boolean!, $events: Boolean!
    $officeFilter: OfficeFilter, $positionFilter: PositionFilter, $membershipFilter: MembershipFilter
    $statementFilter: StatementFilter, $eventFilter: EventFilter
  ) {
    entity(slug: $slug) {
      ... on Office @include(if: $offices) { ...OfficeFact }
      ... on Organization {
        offices(first: $first, after: $after, filter: $officeFilter) @include(if: $offices) { ...Offices }
        accreditedOffices(first: $first, after: $after, filter: $officeFilter) @include(if: $accreditedOffices) { ...Offices }
        positions(first: $first, after: $after, filter: $positionFilter) @include(if: $positions) { ...Positions }
        members(first: $first, after: $after, filter: $membershipFilter) @include(if: $members) { ...Memberships }
        memberships(first: $first, after: $after, filter: $membershipFilter) @include(if: $memberships) { ...Memberships }
      }
      ... on Person {
        positions(first: $first, after: $after, filter: $positionFilter) @include(if: $positions) { ...Positions }
      }
      ... on Place {
        offices(first: $first, after: $after, filter: $officeFilter) @include(if: $offices) { ...Offices }
        accreditedOffices(first: $first, after: $after, filter: $officeFilter) @include(if: $accreditedOffices) { ...Offices }
      }
      ... on Speaker {
        statements(first: $first, after: $after, filter: $statementFilter) @include(if: $statements) { ...Statements }
      }
      statementsAbout(first: $first, after: $after, filter: $statementFilter) @include(if: $statementsAbout) { ...Statements }
      events(first: $first, after: $after, filter: $eventFilter) @include(if: $events) { ...Events }
    }
  }
  fragment Offices on OfficeConnection { totalCount edges { cursor node { ...OfficeFact } } }
  fragment Positions on PositionConnection { totalCount edges { cursor node { ...PositionFact } } }
  fragment Memberships on MembershipConnection { totalCount edges { cursor node { ...MembershipFact } } }
  fragment Statements on StatementConnection { totalCount edges { cursor node { ...StatementFact } } }
  fragment Events on EventConnection { totalCount edges { cursor node { ...EventFact } } }
  ${passages} ${officeFact} ${positionFact} ${membershipFact} ${statementFact} ${eventFact}`,
);

export const readStatements = operation(
  'McpStatements',
  `
  query McpStatements($filter: StatementFilter, $first: Int!, $after: String) {
    statements(filter: $filter, first: $first, after: $after) {
      totalCount
      edges { cursor node { ...StatementFact } }
    }
  }
  ${passages}
  ${statementFact}`,
);

export const searchRecords = operation(
  'McpSearch',
  `
  query McpSearch($query: String!, $filter: SearchFilter, $first: Int!, $after: String) {
    search(query: $query, filter: $filter, first: $first, after: $after) {
      totalCount
      edges {
        cursor
        node {
          score
          passage { text }
          node {
            __typename id caption
            ... on Entity { slug description }
            ... on Article { slug title url publishedOn publisher { name } }
            ... on Sourced { references(first: 1) { ...Passages } }
            ... on Statement { text saidOn speaker { slug name } }
            ... on Position { title start end person { slug name } organization { slug name } }
          }
        }
      }
    }
  }
  ${passages}`,
);

export const findPath = operation(
  'McpPath',
  `
  query McpPath($from: ID!, $to: ID!, $maxLength: Int!, $asOf: PartialDate, $via: [Relation!]) {
    path(from: $from, to: $to, maxLength: $maxLength, asOf: $asOf, via: $via) {
      outcome length isShortest
      steps {
        relation isInverse start end
        from { slug name }
        to { slug name }
        fact { __typename id caption ... on Article { slug title url publishedOn publisher { name } } }
        references(first: 2) { ...Passages }
      }
    }
  }
  ${passages}`,
);

export const readEntity = operation(
  'McpEntity',
  `
  query McpEntity($slug: String!) {
    entity(slug: $slug) {
      __typename id slug description urls
      name
      names { name kind language }
      identifiers { scheme value }
      ... on Organization {
        organizationKind: kind
        parent { slug name }
        home { slug name }
        offices(first: 0) { totalCount }
        accreditedOffices(first: 0) { totalCount }
        positions(first: 0) { totalCount }
        members(first: 0) { totalCount }
        memberships(first: 0) { totalCount }
      }
      ... on Person {
        birthDate deathDate
        positions(first: 0) { totalCount }
      }
      ... on Office {
        officeKind: kind staffCount address
        organization { slug name }
        place { slug name country { slug name } }
        accreditedTo { slug name }
        alsoAccreditedTo { slug name }
        statuses { status start end references(first: 2) { ...Passages } }
      }
      ... on Place {
        placeKind: kind isoCode
        coordinates { latitude longitude }
        within { slug name }
        country { slug name }
        offices(first: 0) { totalCount }
        accreditedOffices(first: 0) { totalCount }
      }
      ... on Speaker { statements(first: 0) { totalCount } }
      statementsAbout(first: 0) { totalCount }
      events(first: 0) { totalCount }
      mentions(first: 0) { totalCount }
      references(first: 20) { ...Passages }
    }
  }
  ${passages}`,
);

/** By which metrics count requests of agents that execute no operation, such as the list of tools. */
export const mcpOperationName = 'Mcp';
