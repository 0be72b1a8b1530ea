import { describe, expect, it } from 'vitest';
import { type Ground, type Passer, type SeatWish, seatOf } from '../../src/map/label-seat.ts';

const HOME = { x: 500, y: 300 };
const VIEW = { left: 0, top: 0, width: 1000, height: 600 };

const makeWish = (change: Partial<SeatWish> = {}): SeatWish => ({
  ...{ home: HOME, width: 100, height: 20, seat: null },
  isInside: ({ x, y }) => Math.abs(x - HOME.x) <= 200 && Math.abs(y - HOME.y) <= 100,
  ...change,
});
const makeGround = (change: Partial<Ground> = {}): Ground => ({
  view: VIEW,
  taken: [],
  vehicles: [],
  ...change,
});
const standing = (x: number, y: number): Passer => ({ x, y, isStill: true });
const passing = (x: number, y: number): Passer => ({ x, y, isStill: false });

describe('the seat of a name', () => {
  it('is at home, where nothing is', () => {
    expect(seatOf(makeWish(), makeGround())).toEqual(HOME);
  });

  it('is the nearest one that nothing stands on', () => {
    const seat = seatOf(makeWish(), makeGround({ vehicles: [standing(500, 300)] }));
    expect(seat).toEqual({ x: 500, y: 275 });
  });

  it('is rather under one that passes than under one that stands', () => {
    const isInside = () => false;
    const seat = { x: 700, y: 300 };
    const vehicles = [passing(500, 300), standing(700, 300)];
    expect(seatOf(makeWish({ isInside, seat }), makeGround({ vehicles }))).toEqual(HOME);
  });

  it('stays while vehicles pass, and when what stood on its home has gone', () => {
    const seat = { x: 500, y: 275 };
    expect(seatOf(makeWish({ seat }), makeGround({ vehicles: [passing(510, 275)] }))).toBe(seat);
    expect(seatOf(makeWish({ seat }), makeGround())).toBe(seat);
  });

  it('is left for what stands there', () => {
    const seat = { x: 500, y: 275 };
    expect(seatOf(makeWish({ seat }), makeGround({ vehicles: [standing(510, 275)] }))).toEqual(HOME);
  });

  it('is beside other names and clusters, or nowhere', () => {
    const taken = [{ left: 450, top: 290, width: 100, height: 20 }];
    const seat = seatOf(makeWish(), makeGround({ taken }));
    expect(seat).toEqual({ x: 500, y: 275 });
    expect(seatOf(makeWish({ isInside: () => false }), makeGround({ taken }))).toBeNull();
  });

  it('has both ends in the area, away from home', () => {
    const isInside: SeatWish['isInside'] = ({ y }) => y > 300;
    const seat = seatOf(makeWish({ isInside }), makeGround({ vehicles: [standing(500, 300)] }));
    expect(seat).toEqual({ x: 500, y: 325 });
  });

  it('is in view as long as a part of the area is', () => {
    const view = { ...VIEW, left: 480 };
    const isCut = makeWish({ seat: HOME });
    expect(seatOf(isCut, makeGround({ view }))).toEqual({ x: 530, y: 300 });
    expect(seatOf(makeWish(), makeGround({ view: { ...VIEW, left: 900 } }))).toEqual(HOME);
  });
});
