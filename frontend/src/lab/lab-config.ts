/** What Django tells the lab page, as JSON in the page itself. */

export interface LabConfig {
  readonly regions_url: string;
  /** Whether the user may join `region:all`. */
  readonly everything: boolean;
  /** Whether the server tells this user what it spends. */
  readonly measures_cpu: boolean;
}

/** Throws when the page and its script do not belong together. */
export function parseLabConfig(json: string): LabConfig {
  const value = JSON.parse(json) as Partial<LabConfig>;
  const flags = [value.everything, value.measures_cpu];
  if (typeof value.regions_url !== 'string' || !flags.every((flag) => typeof flag === 'boolean')) {
    throw new Error('the lab config lacks a field');
  }
  return value as LabConfig;
}
