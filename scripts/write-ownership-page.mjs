import { writeFileSync } from 'node:fs';
import { ownershipPage } from './ownership-page.mjs';

writeFileSync(new URL('../docs/ownership.md', import.meta.url), ownershipPage());
