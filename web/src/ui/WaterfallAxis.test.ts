import { describe, expect, it } from 'vitest';
import { axisOf, idleTimes } from './WaterfallAxis';
import type { WaterfallSpan } from './WaterfallModel';

const span = (offset: number, duration: number): WaterfallSpan => ({
  id: `${offset}`,
  name: '',
  group: '',
  origin: '',
  offset,
  duration,
  isError: false,
  isOpen: false,
});

describe('idleTimes', () => {
  it('are long ones in which nothing was under way', () => {
    expect(idleTimes([span(600, 100), span(0, 100), span(50, 20), span(120, 10)], 700)).toEqual([
      { from: 130, to: 600 },
    ]);
    expect(idleTimes([span(0, 700), span(600, 100)], 700)).toEqual([]);
  });
});

describe('axisOf', () => {
  it('is the time itself when nothing is folded', () => {
    const axis = axisOf(100, []);
    expect([axis.length, axis.place(40), axis.time(40)]).toEqual([100, 40, 40]);
  });

  it('leaves little of what is folded and turns back exactly', () => {
    const axis = axisOf(1000, [{ from: 100, to: 900 }]);
    expect(axis.length).toBeCloseTo(200 + 12);
    expect(axis.place(50)).toBeCloseTo(50);
    expect(axis.place(900)).toBeCloseTo(112);
    expect(axis.place(1000)).toBeCloseTo(axis.length);
    for (const time of [0, 10, 100, 500, 900, 950, 1000]) expect(axis.time(axis.place(time))).toBeCloseTo(time);
  });

  it('never turns around', () => {
    const axis = axisOf(1000, [
      { from: 0, to: 300 },
      { from: 500, to: 1000 },
    ]);
    const places = Array.from({ length: 101 }, (_, index) => axis.place(index * 10));
    expect(places.every((place, index) => index === 0 || place >= places[index - 1]!)).toBe(true);
  });
});
