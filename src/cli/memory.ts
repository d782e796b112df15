import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/**
 * Keeps the memory of a long run small: where a machine has much of it, V8 lets what it collects
 * first grow to 128 MB, though 32 serve a stream of records as fast. To be called from time to
 * time, as only what has grown that far is kept from growing.
 */
export function keepMemorySmall(): void {
  const young = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space');
  if (!isKept && young && young.space_size >= enough) {
    setFlagsFromString('--semi-space-growth-factor=1');
    isKept = true;
  }
}

// Private:

const enough = 32 * 1024 * 1024;

let isKept = false;
