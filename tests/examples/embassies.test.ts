import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createChancery, type Chancery } from 'chancery';
import { loadEmbassies, type Loaded } from '../../examples/datasets/embassies.ts';

const file = '../shared/data/embassies.jsonl';

describe.skipIf(!existsSync(file))(
  'the diplomatic missions of the world, beside the sample',
  () => {
    let chancery: Chancery;
    let loaded: Loaded;
    beforeAll(async () => {
      chancery = await createChancery({ database: { inMemory: true }, sample: true });
      loaded = await loadEmbassies(chancery, file);
    }, 120_000);
    afterAll(() => chancery.close());

    const ask = async (query: string) => {
      const response = await chancery.fetch(
        new Request(`http://test/graphql?query=${encodeURIComponent(query)}`),
      );
      return ((await response.json()) as { data: Record<string, never> }).data;
    };

    it('are all there, and the identifier that two of them claim is reported', () => {
      expect(loaded.summary.created.offices).toBe(9852);
      expect(loaded.doubled).toEqual(['Q106686567']);
    });

    it('page through the 8 liaison offices among them and the 8 of the sample', async () => {
      const slugs: string[] = [];
      for (let after = ''; ;) {
        const { offices } = (await ask(
          `{ offices(filter: { kind: [LIAISON] }, first: 3${after}) { totalCount nodes { slug } pageInfo { hasNextPage endCursor } } }`,
        )) as unknown as { offices: Page };
        expect(offices.totalCount).toBe(16);
        slugs.push(...offices.nodes.map(({ slug }) => slug));
        if (!offices.pageInfo.hasNextPage) break;
        after = `, after: "${offices.pageInfo.endCursor}"`;
      }
      expect(new Set(slugs).size).toBe(16);
      expect(slugs.filter((slug) => slug.startsWith('nato-'))).toHaveLength(8);
    });

    it('load again without a change', async () => {
      const again = await loadEmbassies(chancery, file);
      expect(again.summary.created.offices + again.summary.updated.offices).toBe(0);
    }, 120_000);
  },
);

interface Page {
  totalCount: number;
  nodes: { slug: string }[];
  pageInfo: { hasNextPage: boolean; endCursor: string };
}
