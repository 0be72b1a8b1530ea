/** Links for people without a login (docs/sharing.md): what they show, how they are made, listed and revoked. */

import { isListOf, isNumber, isRecord, isText, isTextOrNull } from './guards.ts';
import { send } from './rest.ts';
import { t } from './texts.ts';

export type ShareKind = 'vehicle' | 'region' | 'trip';

export interface NewShare {
  readonly kind: ShareKind;
  readonly vehicle?: string;
  readonly region?: string;
  readonly from_time?: string;
  readonly to_time?: string;
  readonly trimmed?: boolean;
  readonly expires_time: string;
  readonly label: string;
}

export interface MadeShare {
  readonly id: number;
  readonly kind: string;
  readonly name: string;
  readonly label: string;
  readonly vehicle: string | null;
  readonly region: string | null;
  readonly from_time: string | null;
  readonly to_time: string | null;
  readonly trimmed: boolean;
  readonly maker: string;
  readonly expires_time: string;
  readonly state: string;
}

/** What a guest is told of the link. */
export interface SharedThing {
  readonly kind: string;
  readonly name: string;
  readonly colour: string;
  readonly channel: string | null;
  readonly polygon: unknown;
  readonly from_time: string | null;
  readonly to_time: string | null;
  readonly trimmed: boolean;
  readonly expires_time: string;
}

export type TripPlace = readonly [time: string, lat: number, lon: number];

/** The address to hand on. Throws with the server's words when it refuses. */
export async function makeShare(url: string, share: NewShare): Promise<string> {
  const { value, problem } = await send('POST', url, share);
  if (problem !== null) throw new Error(problem.errors[0]?.reason ?? problem.detail);
  if (!isRecord(value) || !isText(value.url))
    throw new Error(t('The server gave something other than agreed.'));
  return value.url;
}

/** Throws when it could not be done. */
export async function revokeShare(url: string, id: number): Promise<void> {
  const { problem } = await send('DELETE', `${url}/${id}`, undefined);
  if (problem !== null) throw new Error(problem.detail);
}

export function isMadeShare(value: unknown): value is MadeShare {
  return (
    isRecord(value) &&
    isNumber(value.id) &&
    [value.kind, value.name, value.label, value.maker, value.expires_time, value.state].every(isText) &&
    [value.vehicle, value.region, value.from_time, value.to_time].every(isTextOrNull) &&
    typeof value.trimmed === 'boolean'
  );
}

export function isSharedThing(value: unknown): value is SharedThing {
  return (
    isRecord(value) &&
    [value.kind, value.name, value.colour, value.expires_time].every(isText) &&
    [value.channel, value.from_time, value.to_time].every(isTextOrNull) &&
    typeof value.trimmed === 'boolean'
  );
}

export function isSharedTrack(
  value: unknown,
): value is { readonly parts: readonly (readonly TripPlace[])[] } {
  return isRecord(value) && isListOf(value.parts, (part): part is TripPlace[] => isListOf(part, isTripPlace));
}

function isTripPlace(value: unknown): value is TripPlace {
  return Array.isArray(value) && isText(value[0]) && isNumber(value[1]) && isNumber(value[2]);
}
