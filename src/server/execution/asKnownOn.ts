import {
  GraphQLError,
  Kind,
  valueFromASTUntyped,
  type DocumentNode,
  type FieldNode,
  type SelectionSetNode,
} from 'graphql';
import { asKnownOnArgument } from '../../graph/plugin/asKnownOn.js';

/**
 * Finds the moment whose knowledge an operation asks for: the value of `asKnownOn` on the
 * fields of Query; undefined where none has it. That all have the same is checked as they run.
 */
export function asKnownOnOf(
  document: DocumentNode,
  operationName: string | undefined,
  variables: Record<string, unknown>,
): Date | undefined {
  for (const field of rootFields(document, operationName)) {
    const argument = field.arguments?.find(({ name }) => name.value === asKnownOnArgument);
    const value = argument && valueFromASTUntyped(argument.value, variables);
    if (value === undefined || value === null) continue;
    const moment = new Date(typeof value === 'string' ? value : Number.NaN);
    // What is no moment at all is refused as a value, in the words of its scalar.
    if (Number.isNaN(moment.getTime())) return undefined;
    if (moment.getTime() > Date.now()) {
      throw new GraphQLError(`${asKnownOnArgument} must not lie in the future`, {
        extensions: { code: 'BAD_USER_INPUT', argument: asKnownOnArgument },
      });
    }
    return moment;
  }
  return undefined;
}

/** Whether any field of a document asks for a moment, so that most are not looked at again. */
export const mayAskForPast = (text: string): boolean => text.includes(asKnownOnArgument);

// Private:

function rootFields(document: DocumentNode, operationName: string | undefined): FieldNode[] {
  const operation = document.definitions.find(
    (definition) =>
      definition.kind === Kind.OPERATION_DEFINITION &&
      (operationName === undefined || definition.name?.value === operationName),
  );
  if (operation?.kind !== Kind.OPERATION_DEFINITION) return [];
  const seen = new Set<string>();
  const fieldsIn = (set: SelectionSetNode): FieldNode[] =>
    set.selections.flatMap((selection) => {
      if (selection.kind === Kind.FIELD) return [selection];
      if (selection.kind === Kind.INLINE_FRAGMENT) return fieldsIn(selection.selectionSet);
      const name = selection.name.value;
      if (seen.has(name)) return [];
      seen.add(name);
      const fragment = document.definitions.find(
        (each) => each.kind === Kind.FRAGMENT_DEFINITION && each.name.value === name,
      );
      return fragment?.kind === Kind.FRAGMENT_DEFINITION ? fieldsIn(fragment.selectionSet) : [];
    });
  return fieldsIn(operation.selectionSet);
}
