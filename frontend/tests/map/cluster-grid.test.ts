import { describe, expect, it } from 'vitest';
import {
  CELL_PX,
  type Cluster,
  ClusterGrid,
  GATHER_FROM,
  type Member,
  PART_BELOW,
  radiusOf,
} from '../../src/map/cluster-grid.ts';
import type { PictureView } from '../../src/map/picture-view.ts';

/** Two cells by two. */
const VIEW: PictureView = {
  zoom: 10,
  scale: 1,
  world: 2 ** 18,
  left: 640,
  top: 640,
  width: 128,
  height: 128,
};

function makeMembers(count: number, more: Partial<Member> = {}): Member[] {
  return Array.from({ length: count }, (_, i) => ({ x: 20 + i, y: 30, status: 1, speed: 0.01, ...more }));
}

function gathered(grid: ClusterGrid, members: readonly Member[], view = VIEW): Cluster[] {
  grid.begin(view, 0);
  const cells = members.map(({ x, y }) => grid.cellAt(x, y));
  for (const cell of cells) grid.count(cell);
  grid.decide();
  members.forEach((member, i) => {
    grid.gather(cells[i] as number, member);
  });
  return grid.finish();
}

describe('ClusterGrid', () => {
  it('leaves a few vehicles alone and gathers a crowd', () => {
    expect(gathered(new ClusterGrid(), makeMembers(GATHER_FROM - 1))).toEqual([]);
    const [cluster, ...others] = gathered(new ClusterGrid(), makeMembers(GATHER_FROM));
    expect(others).toEqual([]);
    expect(cluster).toMatchObject({ count: GATHER_FROM, left: 20, right: 27, top: 30, bottom: 30 });
    expect(cluster?.speed).toBeCloseTo(0.01);
  });

  it('does not flicker when one vehicle goes and comes', () => {
    const grid = new ClusterGrid();
    gathered(grid, makeMembers(GATHER_FROM));
    expect(gathered(grid, makeMembers(PART_BELOW))).toHaveLength(1);
    expect(gathered(grid, makeMembers(PART_BELOW - 1))).toHaveLength(0);
    expect(gathered(grid, makeMembers(GATHER_FROM - 1))).toHaveLength(0);
  });

  it('remembers nothing of another zoom', () => {
    const grid = new ClusterGrid();
    gathered(grid, makeMembers(GATHER_FROM));
    expect(gathered(grid, makeMembers(PART_BELOW), { ...VIEW, zoom: 11 })).toHaveLength(0);
  });

  it('keeps its clusters while the map is dragged', () => {
    const grid = new ClusterGrid();
    const [before] = gathered(grid, makeMembers(GATHER_FROM));
    const dragged = makeMembers(PART_BELOW).map((member) => ({ ...member, x: member.x - 7 }));
    const [after] = gathered(grid, dragged, { ...VIEW, left: VIEW.left + 7 });
    expect(before?.y).toBe(after?.y);
    expect(after?.count).toBe(PART_BELOW);
  });

  it('says what is worst', () => {
    const members = [...makeMembers(8), ...makeMembers(1, { status: 5 }), ...makeMembers(1, { status: 4 })];
    expect(gathered(new ClusterGrid(), members)[0]?.status).toBe(5);
  });

  it('never lets two discs overlap', () => {
    const left = makeMembers(20, { x: CELL_PX - 1 });
    const right = makeMembers(20, { x: CELL_PX });
    const [a, b] = gathered(new ClusterGrid(), [...left, ...right]) as [Cluster, Cluster];
    expect(b.x - a.x).toBeGreaterThanOrEqual(2 * radiusOf(20));
  });

  it('knows nothing of what lies outside', () => {
    const grid = new ClusterGrid();
    grid.begin(VIEW, 0);
    expect([grid.cellAt(-1, 5), grid.cellAt(5, -1), grid.cellAt(193, 5), grid.cellAt(5, 193)]).toEqual([
      -1, -1, -1, -1,
    ]);
  });
});
