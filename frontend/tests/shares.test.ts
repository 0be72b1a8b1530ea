import { afterEach, describe, expect, it, vi } from 'vitest';
import { GuestClient, LinkEnded } from '../src/guest-client.ts';
import { isMadeShare, makeShare, revokeShare } from '../src/shares.ts';

const THING = {
  ...{ kind: 'trip', name: 'Bus 1', colour: '#112233', channel: null, polygon: null },
  ...{ from_time: '2026-01-01T09:00:00Z', to_time: '2026-01-01T10:00:00Z', trimmed: true },
  expires_time: '2026-01-02T09:00:00Z',
};

function answering(status: number, body: unknown): ReturnType<typeof vi.fn> {
  const fake = vi.fn(async () => new Response(body === null ? null : JSON.stringify(body), { status }));
  vi.stubGlobal('fetch', fake);
  return fake;
}

afterEach(() => vi.unstubAllGlobals());

describe('making a link', () => {
  const share = {
    kind: 'vehicle',
    vehicle: 'bus-1',
    expires_time: '2026-01-02T09:00:00Z',
    label: '',
  } as const;

  it('gives the address, and sends what no foreign form can', async () => {
    const fake = answering(201, { url: 'http://localhost/s#x' });
    expect(await makeShare('/api/v1/shares', share)).toBe('http://localhost/s#x');
    expect(fake.mock.calls[0]?.[1]).toMatchObject({ method: 'POST', headers: { 'X-Fleet': '1' } });
  });

  it('says why not in the words of the server', async () => {
    answering(422, { detail: 'vehicle: there is none' });
    await expect(makeShare('/api/v1/shares', share)).rejects.toThrow('vehicle: there is none');
    const errors = [{ field: 'vehicle', reason: 'there is none' }];
    answering(422, { detail: 'vehicle: there is none', errors });
    await expect(makeShare('/api/v1/shares', share)).rejects.toThrow(/^there is none$/);
  });
});

it('a link is revoked by its id', async () => {
  const fake = answering(204, null);
  await revokeShare('/api/v1/shares', 7);
  expect(fake.mock.calls[0]?.slice(0, 2)).toMatchObject(['/api/v1/shares/7', { method: 'DELETE' }]);
});

it('what is no share is not taken for one', () => {
  expect(isMadeShare({ id: 1, kind: 'vehicle' })).toBe(false);
});

describe('a guest', () => {
  it('shows the secret of the link, and no cookie', async () => {
    const fake = answering(200, THING);
    expect(await new GuestClient('secret').thing()).toEqual(THING);
    expect(fake.mock.calls[0]?.[1]).toMatchObject({
      credentials: 'omit',
      headers: { authorization: 'Bearer secret' },
    });
  });

  it('learns that a link has ended', async () => {
    answering(401, { detail: 'no' });
    await expect(new GuestClient('secret').token()).rejects.toThrow(LinkEnded);
  });

  it('reads a trip in parts', async () => {
    const parts = [[['2026-01-01T09:00:00Z', 57.7, 11.9]]];
    answering(200, { fields: [], parts });
    expect(await new GuestClient('secret').trip()).toEqual(parts);
  });

  it('takes nothing else for a trip', async () => {
    answering(200, { parts: [[['now', 'north', 11.9]]] });
    await expect(new GuestClient('secret').trip()).rejects.toThrow('other than agreed');
  });
});
