import SchemaBuilder from '@pothos/core';
import type { View } from '../knowledge/reading/view.js';
import type { Knowledge } from '../knowledge/knowledge.js';

/** What every resolver is handed. */
export interface GraphContext {
  knowledge: Knowledge;
  /** For whom it is read. */
  view: View;
}

export interface GraphTypes {
  Context: GraphContext;
  DefaultFieldNullability: false;
  Scalars: {
    ID: { Input: string; Output: string };
    PartialDate: { Input: string; Output: string };
    DateTime: { Input: Date; Output: Date };
    Locale: { Input: string; Output: string };
    URL: { Input: string; Output: string };
  };
}

/**
 * The schema in the making. Each file of this folder adds the types of one subject;
 * `schema.ts` closes it.
 */
export const builder = new SchemaBuilder<GraphTypes>({ defaultFieldNullability: false });
