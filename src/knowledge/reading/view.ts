/**
 * Who reads. Every read takes the view that it is for: what it may see is part of the batch's
 * shape, so that no two viewers with other rights share an answer.
 */
export interface View {
  /** What the viewer may see: what is published. */
  rights: 'PUBLISHED';
  /** Where it is noted what the answer depends on; see `dependency.ts`. */
  reads?: Set<string> | undefined;
}

/** What everybody may see. */
export const publicView: View = { rights: 'PUBLISHED' };
