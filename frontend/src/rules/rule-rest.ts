/** The rules of one region, or of the fleet: read, saved and deleted over REST. */
import { loadPages, type Problem, send } from '../rest.ts';
import { FLEET_KINDS, isRule, type Rule } from './rule.ts';

const URL = '/api/v1/rules';
export const FLEET = Symbol('the whole fleet');
/** A region's slug, or the fleet, whose rules have no region. */
export type RuleOwner = string | typeof FLEET;

export async function loadRules(owner: RuleOwner): Promise<readonly Rule[]> {
  if (owner !== FLEET) return (await loadPages(URL, { region: owner }, isRule)).items;
  const { items } = await loadPages(URL, {}, isRule);
  return items.filter(({ kind }) => FLEET_KINDS.some((known) => known === kind));
}

/** `id` null: a new one. Null when all went well. */
export async function saveRule(
  owner: RuleOwner,
  id: number | null,
  body: Readonly<Record<string, unknown>>,
): Promise<Problem | null> {
  const region = owner === FLEET ? null : owner;
  if (id === null) return (await send('POST', URL, { ...body, region })).problem;
  const { etag, problem } = await send('GET', `${URL}/${id}`, undefined);
  return problem ?? (await send('PATCH', `${URL}/${id}`, body, { 'If-Match': etag ?? '*' })).problem;
}

export async function removeRule(id: number): Promise<Problem | null> {
  return (await send('DELETE', `${URL}/${id}`, undefined, { 'If-Match': '*' })).problem;
}
