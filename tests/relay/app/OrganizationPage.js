import { graphql } from 'relay-runtime';

export const OrganizationPage = {
  query: graphql`
    query OrganizationPageQuery {
      organization(slug: "nato") {
        id
        ...EntityHeader_entity
        ...OfficeList_organization @arguments(first: 3)
      }
    }
  `,
};
