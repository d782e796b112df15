import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/**
 * Limits V8's young generation during long imports and exports: it grows to 128 MB, although 32 MB
 * are as fast for streams. Called repeatedly, since the limit applies only once that size is reached.
 */
export function keepMemorySmall(): void {
  const young = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space');
  if (!isLimited && young && young.space_size >= maxYoungBytes) {
    setFlagsFromString('--semi-space-growth-factor=1');
    isLimited = true;
  }
}

// Private:

const maxYoungBytes = 32 * 1024 * 1024;

let isLimited = false;
