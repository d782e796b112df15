import { executeSync, Kind, type DocumentNode, type OperationDefinitionNode } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { Admission, OperationParams } from '../admission/admission.js';
import { costOf } from '../admission/complexity/cost.js';
import { standardIntrospection } from '../admission/complexity/standardIntrospection.js';
import type { CompiledQueries } from './compiledQueries.js';
import type { Requester } from './requester.js';
import { cachedResult, type QueryResult, inPieces, type Bytes } from './serialize.js';

/** A result with all options has half a megabyte; there is room for each set of options. */
const maxCached = { max: 200, maxSize: 48 * 1024 * 1024 };

/** Results of the introspection query of tools, which are the same for all clients. */
export class IntrospectionResults {
  readonly #operations: CompiledQueries;
  readonly #results = new LRUCache<string, Bytes>({
    ...maxCached,
    sizeCalculation: (body, query) => body.length + query.length,
  });

  constructor(operations: CompiledQueries) {
    this.#operations = operations;
  }

  /** undefined for any other query, and where clients may not introspect the schema. */
  execute(
    { query, operationName }: OperationParams,
    { meter, since, requestRecord }: Requester,
    admission: Admission,
  ): QueryResult | Promise<QueryResult> | undefined {
    if (typeof query !== 'string' || !query.includes('__schema')) return undefined;
    const { document } = admission.documents.read(query);
    const standard = document && standardIntrospection(document);
    if (!document || standard === undefined || !isNameOf(operationName, document)) {
      return undefined;
    }
    const { schema, validation } = this.#operations;
    if (validation.errorsOf(document).length) return undefined;
    if (requestRecord) requestRecord.operation = admission.operationOf({ query, operationName });
    const [operation] = document.definitions as [OperationDefinitionNode];
    const cost = costOf(schema, document, operation)({});
    const rejected = admission.rejectCost(cost, meter);
    if (rejected) return { result: { errors: [rejected] } };
    const body = this.#results.get(standard);
    if (body !== undefined) return cachedResult(body, admission.responses, meter?.client);
    const work = (): Promise<QueryResult> => {
      let bytes = this.#results.get(standard);
      if (!bytes) {
        bytes = inPieces(Buffer.from(JSON.stringify(executeSync({ schema, document }))));
        this.#results.set(standard, bytes);
      }
      return Promise.resolve(cachedResult(bytes, admission.responses, meter?.client));
    };
    return admission
      .run(work, { cost, client: meter?.client, since })
      .then((outcome) => ('errors' in outcome ? { result: outcome } : outcome));
  }
}

// Private:

function isNameOf(name: unknown, { definitions: [operation] }: DocumentNode): boolean {
  return (
    name === undefined ||
    name === null ||
    (operation?.kind === Kind.OPERATION_DEFINITION && operation.name?.value === name)
  );
}
