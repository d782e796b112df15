/** The queries that GraphiQL opens with, each in a tab of its own. */

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

export const exampleTabs = [
  { query: liaisonOffices },
  { query: quotations },
  { query: whoSaidWhat },
  { query: article },
  { query: members },
];
