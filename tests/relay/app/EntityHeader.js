import { graphql } from 'relay-runtime';

export const EntityHeader = {
  entity: graphql`
    fragment EntityHeader_entity on Entity @refetchable(queryName: "EntityHeaderRefetchQuery") {
      id
      name
      slug
      description
    }
  `,
};
