import { graphql } from 'relay-runtime';

export const RecordLine = {
  record: graphql`
    fragment RecordLine_record on Record @refetchable(queryName: "RecordLineRefetchQuery") {
      id
      recordType
      caption
    }
  `,
};
