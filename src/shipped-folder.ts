import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The config folder that ships with the package: the nearest one above this module (works from src and from dist). */
export function shippedFolder(): string {
  const start = dirname(fileURLToPath(import.meta.url));
  for (const up of ['..', '../..', '../../..']) {
    const folder = join(start, up, 'config');
    if (existsSync(join(folder, 'networks.yaml'))) return folder;
  }
  throw new Error(`no config/networks.yaml above ${start}: the installation is not complete`);
}
