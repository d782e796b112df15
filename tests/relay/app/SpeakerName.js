import { graphql } from 'relay-runtime';

export const SpeakerName = {
  speaker: graphql`
    fragment SpeakerName_speaker on Speaker @refetchable(queryName: "SpeakerNameRefetchQuery") {
      id
      name
      slug
    }
  `,
};
