/** Burnt in by scripts/build.ts; absent when the sources are run as they are. */
declare const ZEN_LEAD_VERSION: string | undefined;
declare const ZEN_LEAD_COMMIT: string | undefined;

/** Version of package.json, or "dev". */
export const VERSION = typeof ZEN_LEAD_VERSION === 'string' ? ZEN_LEAD_VERSION : 'dev';
/** Git commit that was built (abbreviated, with "-dirty" for changes on top of it), or "unknown". */
export const COMMIT = typeof ZEN_LEAD_COMMIT === 'string' ? ZEN_LEAD_COMMIT : 'unknown';
