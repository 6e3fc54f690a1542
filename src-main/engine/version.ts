/** @file The version of the program, from its own manifest. */
import manifest from "../../package.json" with { type: "json" };

/** Version as `1.2.3`. */
export const programVersion: string = manifest.version;
