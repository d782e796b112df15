import { executeSync, Kind, type DocumentNode, type OperationDefinitionNode } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { Admission, OperationParams } from '../admission/admission.js';
import { costOf } from '../admission/complexity/cost.js';
import { standardIntrospection } from '../admission/complexity/standardIntrospection.js';
import type { ExecutorResult, Requester } from './executor.js';
import { heldAgain } from './held.js';
import type { CompiledQueries } from './compiledQueries.js';
import { inPieces, type Bytes } from './serialize.js';

/** Answers with all options are half a megabyte; there is room for those with any. */
const maxKept = { max: 200, maxSize: 48 * 1024 * 1024 };

/** Answers the query by which tools ask for the schema, which is the same for everybody. */
export class IntrospectionResults {
  readonly #operations: CompiledQueries;
  readonly #made = new LRUCache<string, Bytes>({
    ...maxKept,
    sizeCalculation: (body, query) => body.length + query.length,
  });

  constructor(operations: CompiledQueries) {
    this.#operations = operations;
  }

  /** undefined where something else is asked, or where clients may not ask for the schema. */
  answer(
    { query, operationName }: OperationParams,
    { meter, since, requestRecord }: Requester,
    admission: Admission,
  ): ExecutorResult | Promise<ExecutorResult> | undefined {
    if (typeof query !== 'string' || !query.includes('__schema')) return undefined;
    const { document } = admission.documents.read(query);
    const standard = document && standardIntrospection(document);
    if (!document || standard === undefined || !isItsName(operationName, document))
      return undefined;
    const { schema, validation } = this.#operations;
    if (validation.errorsOf(document).length) return undefined;
    if (requestRecord) requestRecord.operation = admission.operationOf({ query, operationName });
    const [operation] = document.definitions as [OperationDefinitionNode];
    const cost = costOf(schema, document, operation)({});
    const rejected = admission.rejectCost(cost, meter);
    if (rejected) return { result: { errors: [rejected] } };
    const body = this.#made.get(standard);
    if (body !== undefined) return heldAgain(body, admission.responses, meter?.client);
    const make = (): Promise<ExecutorResult> => {
      let made = this.#made.get(standard);
      if (!made) {
        made = inPieces(Buffer.from(JSON.stringify(executeSync({ schema, document }))));
        this.#made.set(standard, made);
      }
      return Promise.resolve(heldAgain(made, admission.responses, meter?.client));
    };
    return admission
      .run(make, { cost, client: meter?.client, since })
      .then((done) => ('errors' in done ? { result: done } : done));
  }
}

// Private:

function isItsName(name: unknown, { definitions: [operation] }: DocumentNode): boolean {
  return (
    name === undefined ||
    name === null ||
    (operation?.kind === Kind.OPERATION_DEFINITION && operation.name?.value === name)
  );
}
