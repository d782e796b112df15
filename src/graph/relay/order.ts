import { plural, wordsOf } from '../../knowledge/values/english.js';
import { builder } from '../builder.js';
import { describedEnum } from '../values/enum.js';
import type { OrderInput } from './types.js';

const OrderDirection = describedEnum('OrderDirection', 'The direction of the order.', {
  ASC: 'Ascending: from A to Z, from the oldest to the newest.',
  DESC: 'Descending: from Z to A, from the newest to the oldest.',
});

/** The input type `OfficeOrder`, and the default order of lists. */
export function orderInput<Order extends string>(
  noun: string,
  fields: Record<Order, string>,
  byDefault: OrderInput<NoInfer<Order>>['default'],
): OrderInput<Order> {
  const Field = describedEnum(
    `${noun}OrderField`,
    `The values by which a list of ${plural(wordsOf(noun))} can be ordered.`,
    fields,
  );
  const ref: unknown = builder.inputType(`${noun}Order`, {
    description: `How to order a list of ${plural(wordsOf(noun))}. Example: \`{ field: ${byDefault.field}, direction: ${byDefault.direction} }\`.`,
    fields: (t) => ({
      field: t.field({ type: Field, required: true, description: 'The value to order by.' }),
      direction: t.field({
        type: OrderDirection,
        required: true,
        defaultValue: 'ASC',
        description: 'The direction.',
      }),
    }),
  });
  return { ref: ref as OrderInput<Order>['ref'], default: byDefault };
}
