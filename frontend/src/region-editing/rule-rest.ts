/** The rules of one region: read, saved and deleted over REST. */
import { loadPages, type Problem, send } from '../rest.ts';
import { isRegionRule, type RegionRule } from './region-rule.ts';

const URL = '/api/v1/rules';

export function loadRules(region: string): Promise<readonly RegionRule[]> {
  return loadPages(URL, { region }, isRegionRule).then(({ items }) => items);
}

/** `id` null: a new one. Null when all went well. */
export async function saveRule(
  region: string,
  id: number | null,
  body: Readonly<Record<string, unknown>>,
): Promise<Problem | null> {
  if (id === null) return (await send('POST', URL, { ...body, region })).problem;
  const { etag, problem } = await send('GET', `${URL}/${id}`, undefined);
  return problem ?? (await send('PATCH', `${URL}/${id}`, body, { 'If-Match': etag ?? '*' })).problem;
}

export async function removeRule(id: number): Promise<Problem | null> {
  return (await send('DELETE', `${URL}/${id}`, undefined, { 'If-Match': '*' })).problem;
}
