/** The example queries of GraphiQL: some in tabs, all in a menu. */

/** A query whose first comment is its title, with variables as JSON. */
export interface Example {
  query: string;
  variables?: string;
}

/** All liaison offices of an organization, each with the passage that says so. */
const liaisonOffices = `# All liaison offices of NATO, with the passages
# that say so: seven are open, one is proposed.
# Only the open ones: put { "status": ["OPEN"] }
# into the variables below.
query LiaisonOffices($status: [OfficeStatus!]) {
  organization(slug: "nato") {
    name
    offices(
      filter: { kind: [LIAISON], status: $status }
      first: 20
    ) {
      totalCount
      nodes {
        slug name status staffCount
        accreditedTo { name }
        place { name country { name } }
        references(first: 2) {
          nodes {
            exact verified
            article { title publisher { name } }
          }
        }
      }
    }
  }
}
`;

const quotations = `# Everything Jens Stoltenberg is quoted as saying
# about Japan.
query Quotations {
  person(slug: "jens-stoltenberg") {
    name
    positions(filter: { asOf: "2023-04" }) {
      nodes { title organization { name } start end }
    }
    statements(
      filter: { about: ["japan"], kind: [DIRECT, MIXED] }
      first: 10
    ) {
      nodes {
        text kind saidOn
        place { name }
        audience { name }
        article { title }
        references { nodes { exact start end } }
      }
    }
  }
}
`;

const whoSaidWhat = `# Who said what about an Asia-Pacific NATO,
# and on whose behalf.
query WhoSaidWhat {
  statements(
    filter: { speaker: ["china", "qin-gang"] }
    orderBy: { field: SAID_ON, direction: ASC }
  ) {
    totalCount
    edges {
      cursor
      node {
        text saidOn occasion
        speaker {
          __typename
          ... on Person { name }
          ... on Organization { name }
        }
        onBehalfOf { name }
        about { __typename name }
      }
    }
    pageInfo { hasNextPage endCursor }
  }
}
`;

const article = `# From an article to all that it supports.
query WhatAnArticleSupports {
  article(slug: "nato-to-open-first-asian-office-in-japan") {
    title publishedOn
    statements {
      totalCount
      nodes {
        kind text
        reportedBy { name }
        speaker {
          ... on Person { name }
          ... on Organization { name }
        }
      }
    }
    mentions(first: 50) {
      nodes { entity { __typename name } }
    }
    citedBy { totalCount }
  }
}
`;

const members = `# The Quad's members, and the states that NATO
# partners with.
query Members {
  organization(slug: "quad") {
    members(filter: { role: [MEMBER] }) {
      nodes { member { name } role start }
    }
  }
  nato: organization(slug: "nato") {
    members(filter: { role: [PARTNER] }) {
      nodes { member { name } }
    }
  }
}
`;

const search = `# Find without knowing slugs: slips and accents
# do no harm.
query Find {
  search(query: "stoltenburg japan", first: 5) {
    totalCount
    nodes {
      score highlight
      node { recordType caption id }
    }
    facets {
      recordTypes { values { text } count }
      years { values { text } count }
    }
  }
}
`;

const suggest = `# Entities whose names start with the typed letters.
query Suggest {
  suggest(prefix: "na", first: 5) {
    text
    entity { __typename slug name }
  }
}
`;

const path = `# How two entities are connected, and which
# articles show it.
query Path {
  path(
    from: "yoshimasa-hayashi"
    to: "nato"
    maxLength: 4
  ) {
    outcome length
    steps {
      from { name }
      relation start end
      to { name }
      references(first: 1) {
        nodes { exact article { title } }
      }
    }
  }
}
`;

const neighbours = `# Whom an entity is connected with: nodes and
# edges to draw a graph from.
query Neighbours {
  neighbours(of: "nato", first: 8) {
    nodes { __typename slug name }
    edges { from { slug } relation to { slug } }
    omitted { node { slug } count }
  }
}
`;

const timeline = `# Everything dated about an entity, in order.
query Timeline {
  timeline(
    of: "nato"
    filter: { date: { from: "2022", to: "2024" } }
  ) {
    totalCount
    nodes {
      date kind
      fact {
        ... on Statement { text }
        ... on Article { title }
        ... on DatedOfficeStatus {
          status office { name }
        }
      }
    }
  }
}
`;

const counts = `# How many offices of which kind stand where,
# and how much there is in all.
query Counts {
  offices {
    totalCount
    groups(by: [KIND, COUNTRY]) {
      values { text entity { name } } count
    }
  }
  stats { articles people offices statements }
}
`;

const byFacts = `# Records by their facts: who was head of a
# government in May 2023, and which organizations
# are partners of NATO.
query ByFacts {
  people(
    filter: {
      positions: {
        some: { kind: [HEAD_OF_GOVERNMENT], asOf: "2023-05" }
      }
    }
  ) {
    nodes { name }
  }
  organizations(
    filter: {
      memberships: {
        some: { organization: ["nato"], role: [PARTNER] }
      }
    }
  ) {
    nodes { name kind }
  }
}
`;

const nearby = `# What is near a point on Earth: around Vienna.
query Nearby {
  places(
    filter: {
      near: { latitude: 48.21, longitude: 16.37, radiusKm: 50 }
    }
  ) {
    nodes { name coordinates { latitude longitude } }
  }
  offices(filter: { within: ["austria-territory"] }) {
    nodes { name place { name } }
  }
}
`;

const review = `# For editors: what awaits review, and what was done
# last to a record. Make a key with "chancery keys create"
# and write it into the tab Headers below:
# { "Authorization": "Bearer chk_…" }
query Review {
  reviewQueue(first: 10) {
    totalCount
    nodes { recordType record { caption id } }
  }
  organization(slug: "nato") {
    revision
    history(first: 5) {
      nodes {
        number at action reason
        author { name }
        fields { name before after }
        change { id revisions { totalCount } }
      }
    }
  }
}

# Says what a correction would do. Without dryRun it is made.
mutation Correct {
  updateOffice(
    id: "nato-liaison-office-tokyo"
    input: { staffCount: 2 }
    reason: "counted again"
    dryRun: true
  ) {
    __typename
    ... on OfficePayload {
      action isDryRun
      warnings { code message }
      office { staffCount }
    }
    ... on ValidationError { issues { code path message nearest } }
    ... on MutationError { message }
  }
}

# All of it or nothing; later operations use by slug what
# earlier ones have made.
mutation Several {
  batch(
    dryRun: true
    reason: "from her page"
    operations: [
      { createPerson: { slug: "ann-example", name: "Ann Example" } }
      { createPosition: {
        person: "ann-example" organization: "nato"
        title: "Adviser" kind: OTHER start: "2024"
      } }
    ]
  ) {
    ... on BatchPayload {
      changeId
      payloads { __typename action record { caption } }
    }
    ... on MutationError { operation message }
  }
}

# Runs until you stop it, while something changes elsewhere.
subscription Live {
  changed { cursor action record { recordType caption id } }
}
`;

/** The maximum number of tabs that fit on a screen. */
export const exampleTabs: Example[] = [
  liaisonOffices,
  quotations,
  whoSaidWhat,
  article,
  members,
  search,
].map((query) => ({ query }));

/** The examples for every client. */
export const readerExamples: Example[] = [
  ...exampleTabs,
  ...[suggest, path, neighbours, timeline, counts, byFacts, nearby].map((query) => ({ query })),
];

/** With the examples for authenticated clients; see docs/curation.md. */
export const examples: Example[] = [...readerExamples, { query: review }];
