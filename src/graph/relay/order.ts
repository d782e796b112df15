import { plural, wordsOf } from '../../knowledge/values/english.js';
import { builder } from '../builder.js';
import { describedEnum } from '../values/enum.js';
import type { OrderInput } from './types.js';

const OrderDirection = describedEnum('OrderDirection', 'The direction of an order.', {
  ASC: 'From the first to the last: from A to Z, from the oldest to the newest.',
  DESC: 'From the last to the first: from Z to A, from the newest to the oldest.',
});

/** The input `OfficeOrder` with its fields, and the order that lists have without it. */
export function orderInput<Order extends string>(
  noun: string,
  fields: Record<Order, string>,
  byDefault: OrderInput<NoInfer<Order>>['default'],
): OrderInput<Order> {
  const Field = describedEnum(
    `${noun}OrderField`,
    `What a list of ${plural(wordsOf(noun))} can be ordered by.`,
    fields,
  );
  const ref: unknown = builder.inputType(`${noun}Order`, {
    description: `How to order a list of ${plural(wordsOf(noun))}. Example: \`{ field: ${byDefault.field}, direction: ${byDefault.direction} }\`.`,
    fields: (t) => ({
      field: t.field({ type: Field, required: true, description: 'What to order by.' }),
      direction: t.field({
        type: OrderDirection,
        required: true,
        defaultValue: 'ASC',
        description: 'In which direction.',
      }),
    }),
  });
  return { ref: ref as OrderInput<Order>['ref'], default: byDefault };
}
