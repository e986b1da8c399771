/** Where the lab keeps what belongs to the user and not to an experiment: caches, settings, new experiments. */
import envPaths from "env-paths";

export type UserFolders = {
  /** Converted checkpoints, by content; may be deleted at any time. */
  readonly cache: string;
  /** Small settings, such as which experiments were open last. */
  readonly config: string;
  /** Experiments for which no folder was named. */
  readonly data: string;
};

/** The platform's own places, unless NASHLAB_CACHE_DIR, NASHLAB_CONFIG_DIR or NASHLAB_DATA_DIR name others. */
export function userFolders(env: Readonly<Record<string, string | undefined>>): UserFolders {
  const paths = envPaths("nashlab", { suffix: "" });
  return {
    cache: env["NASHLAB_CACHE_DIR"] ?? paths.cache,
    config: env["NASHLAB_CONFIG_DIR"] ?? paths.config,
    data: env["NASHLAB_DATA_DIR"] ?? paths.data,
  };
}
