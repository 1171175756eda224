/** The dashboard is one that Grafana can import. That its metrics exist, tools/e2e asks real services. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

interface Panel {
  readonly id: number;
  readonly title: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number };
  readonly targets: readonly { readonly refId: string; readonly expr: string }[];
}

const { panels, schemaVersion, templating } = JSON.parse(
  readFileSync(new URL('../../deploy/grafana/gofd.json', import.meta.url), 'utf8'),
) as {
  panels: readonly Panel[];
  schemaVersion: number;
  templating: { list: readonly { name: string; type: string }[] };
};

describe('the dashboard', () => {
  it('lets its data source be chosen', () => {
    expect(schemaVersion).toBeGreaterThanOrEqual(36);
    expect(templating.list).toMatchObject([{ name: 'datasource', type: 'datasource' }]);
  });

  it('has panels of different ids, none on top of another', () => {
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    expect(new Set(panels.map(({ gridPos: { x, y } }) => `${x},${y}`)).size).toBe(panels.length);
    for (const { gridPos } of panels) expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
  });

  it.each(panels)('asks whole questions: $title', ({ targets }) => {
    expect(targets.length).toBeGreaterThan(0);
    for (const { expr } of targets) {
      expect(expr.split('(').length).toBe(expr.split(')').length);
      // A sum that only grows says nothing without a rate, or an increase.
      if (/_total|_bucket/.test(expr)) expect(expr).toMatch(/\b(rate|increase)\(/);
    }
  });
});
