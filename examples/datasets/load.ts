/**
 * Loads a data set into the knowledge base that the environment names:
 *
 *     node examples/datasets/load.ts embassies embassies.jsonl
 *
 * (Node 22.18 or newer runs TypeScript as it is.)
 */
import { createChancery } from 'chancery';
import { loadEmbassies } from './embassies.ts';

const [dataset, file] = process.argv.slice(2);
if (dataset !== 'embassies' || !file) {
  console.error('usage: node examples/datasets/load.ts embassies FILE');
  process.exit(2);
}
const url = process.env['DATABASE_URL'];
const dataDir = process.env['CHANCERY_DATA_DIR'] ?? '.chancery';
const chancery = await createChancery({ database: url ? { url } : { dataDir } });
const { summary, doubled } = await loadEmbassies(chancery, file);
console.table({ created: summary.created, changed: summary.updated, unchanged: summary.unchanged });
for (const id of doubled)
  console.warn(`${id} names more than one mission; only the first keeps it`);
await chancery.close();
