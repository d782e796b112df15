// Starts the server. `npm ci` leaves a build; where scripts are switched off, the first start makes it.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

if (!existsSync('dist/cli.js')) {
  execFileSync(process.execPath, ['scripts/build.mjs'], { stdio: 'inherit' });
}
process.argv.splice(2, 0, 'serve');
await import('../dist/cli.js');
