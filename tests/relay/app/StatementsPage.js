import { graphql } from 'relay-runtime';

export const StatementsPage = {
  query: graphql`
    query StatementsPageQuery {
      statements(first: 20) {
        edges {
          node {
            id
            ...RecordLine_record
            speaker {
              ...SpeakerName_speaker
            }
          }
        }
      }
    }
  `,
};
