/** The metrics of Chancery in the registry of an app. */
import type { Registry } from 'prom-client';
import { OptionError } from '../optionError.js';

/**
 * Registers the metrics of one registry in that of the app as well.
 *
 * @returns a function that removes them from it
 * @throws OptionError if it has one of them, as from another instance
 */
export function exposeIn(registry: Registry, own: Registry): () => void {
  const names = own.getMetricsAsArray().map(({ name }) => name);
  const taken = names.find((name) => registry.getSingleMetric(name) !== undefined);
  if (taken !== undefined) {
    throw new OptionError(
      `registry has a metric ${taken} already; give each instance of Chancery a registry of its own`,
    );
  }
  for (const name of names) {
    const metric = own.getSingleMetric(name);
    if (metric) registry.registerMetric(metric);
  }
  return () => {
    for (const name of names) registry.removeSingleMetric(name);
  };
}
