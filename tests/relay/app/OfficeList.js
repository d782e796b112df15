import { graphql } from 'relay-runtime';

export const OfficeList = {
  organization: graphql`
    fragment OfficeList_organization on Organization
    @argumentDefinitions(
      first: { type: "Int" }
      after: { type: "String" }
      last: { type: "Int" }
      before: { type: "String" }
    )
    @refetchable(queryName: "OfficeListPaginationQuery") {
      offices(
        first: $first
        after: $after
        last: $last
        before: $before
        filter: { kind: [LIAISON] }
        orderBy: { field: NAME, direction: ASC }
      ) @connection(key: "OfficeList_offices") {
        totalCount
        edges {
          node {
            id
            name
            ...RecordLine_record
          }
        }
      }
    }
  `,
};
