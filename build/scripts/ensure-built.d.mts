/** Makes `out/` current; throws when the build fails. */
export declare function ensureBuilt(): void;
