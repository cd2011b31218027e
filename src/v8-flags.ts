/**
 * Imported before everything else, because V8 reads these while the heap is still small. Not flags of the command line: users
 * start the bundle as they like, and NODE_OPTIONS does not take them all.
 */
import { setFlagsFromString } from 'node:v8';

// A young generation of 16 MB and more is what a process with a live set of a few MB spends its memory on. Small, it is
// collected more often, which costs little as long as most of it is dead: projected objects are kept, their JSON is not.
setFlagsFromString('--max-semi-space-size=2');
