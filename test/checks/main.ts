/** All checks of the repository, one after the other: `npm run check`. */
import { determinism } from './determinism.ts';
import { layers } from './layers.ts';
import { notes } from './notes.ts';
import { playbookMap } from './playbook-map.ts';

layers();
determinism();
playbookMap();
notes();
