/** @file What a person chose for a library, in a file they can read. The only door to conf. */
import Conf from "conf";
import { z } from "zod";
import { deviceHistorySchema, deviceIdSchema } from "#shared/domain/device";
import { toDiskError } from "./disk-error";

/** Every setting with its value at first. A value that does not parse (an older version, an edit by hand) counts as not set. */
const settingsSchema = z.object({
  device: deviceIdSchema.catch("cpu"),
  /** What became of devices, by name, driver and runtime. */
  deviceHistory: z.record(z.string(), deviceHistorySchema).catch({}),
  /** null: as many as the machine offers. */
  threads: z.number().int().positive().max(1024).nullable().catch(null),
  /** Room for kept attention features. */
  featureCacheGigabytes: z.number().nonnegative().catch(20),
  /** Folders that are looked through for checkpoints, besides the usual places. */
  modelFolders: z.array(z.string()).catch([]),
});
export type SettingValues = Readonly<z.infer<typeof settingsSchema>>;

export interface Settings {
  get<Key extends keyof SettingValues>(key: Key): SettingValues[Key];
  /** Written at once and atomically. @throws disk/* */
  set<Key extends keyof SettingValues>(key: Key, value: SettingValues[Key]): void;
}

/** Opens the settings of the library in `libraryPath`. Opening writes nothing, so it suits a read-only library. */
export function openSettings(libraryPath: string): Settings {
  const conf = new Conf({ cwd: libraryPath, configName: "settings", clearInvalidConfig: true, accessPropertiesByDotNotation: false });
  return {
    get: (key) => settingsSchema.parse({ ...conf.store })[key],
    set(key, value) {
      try {
        conf.set(key, value);
      } catch (error) {
        throw toDiskError(error, conf.path);
      }
    },
  };
}
