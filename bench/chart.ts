/** Figures as pictures: SVG on a white ground, so that it is legible on any page. */
import { medianFigures, type Figure } from './report.ts';

const colours: Record<string, string> = {
  chancery: '#0b6e4f',
  'chancery-cache': '#7cc6a4',
  postgraphile: '#3b6fb6',
  apollo: '#b5651d',
  mercurius: '#c9a227',
  raw: '#8a8a8a',
};
const palette = ['#0b6e4f', '#3b6fb6', '#b5651d', '#8b3fa0', '#c0392b', '#555555', '#c9a227'];

/** Requests a second of each contestant, a panel for each workload, scaled to its fastest. */
export function barChart(figures: Figure[]): string {
  const medians = medianFigures(figures);
  const panels = [
    ...Map.groupBy(medians, ({ workload, connections }) => `${workload} at ${connections}`),
  ];
  const [left, bar, row, gap, perLine, width] = [118, 190, 17, 44, 2, 400];
  const heights = panels.map(([, group]) => gap + group.length * row);
  const lines = Math.ceil(panels.length / perLine);
  const lineHeights = Array.from({ length: lines }, (_, i) =>
    Math.max(...heights.slice(i * perLine, (i + 1) * perLine)),
  );
  const parts = panels.map(([title, group], i) => {
    const x = (i % perLine) * width;
    const y =
      40 + lineHeights.slice(0, Math.floor(i / perLine)).reduce((sum, height) => sum + height, 0);
    const most = Math.max(...group.map(({ perSecond }) => perSecond));
    const bars = group.map(({ contestant, perSecond }, j) => {
      const top = y + 20 + j * row;
      const length = Math.max(1, (bar * perSecond) / most);
      return (
        text(x + left - 6, top + 11, contestant, 'end') +
        `<rect x="${x + left}" y="${top}" width="${length.toFixed(1)}" height="${row - 4}" fill="${colours[contestant] ?? '#999'}"/>` +
        text(x + left + length + 5, top + 11, Math.round(perSecond).toLocaleString('en'), 'start')
      );
    });
    return text(x + 14, y + 10, `${title} connections`, 'start', 'bold') + bars.join('');
  });
  const height = 50 + lineHeights.reduce((sum, value) => sum + value, 0);
  return svg(
    perLine * width,
    height,
    text(14, 22, 'Requests a second', 'start', 'bold', 15) + parts.join(''),
  );
}

/** Requests a second against the size of the knowledge base, a line for each workload. */
export function growthChart(figures: Figure[]): string {
  const medians = medianFigures(figures);
  const [most] = [Math.max(...medians.map(({ connections }) => connections))];
  const lines = [
    ...Map.groupBy(
      medians.filter(({ connections }) => connections === most),
      ({ workload }) => workload,
    ),
  ];
  const sizes = [...new Set(medians.map(({ size }) => size))].sort((a, b) => a - b);
  const [width, height, left, top, right, bottom] = [720, 400, 64, 50, 130, 46];
  const x = (size: number) =>
    left +
    ((width - left - right) * Math.log(size / (sizes[0] ?? 1))) /
      Math.log((sizes.at(-1) ?? 2) / (sizes[0] ?? 1));
  const highest = Math.max(
    ...lines.flatMap(([, group]) => group.map(({ perSecond }) => perSecond)),
  );
  const step =
    10 ** Math.floor(Math.log10(highest)) /
    (highest / 10 ** Math.floor(Math.log10(highest)) < 3 ? 2 : 1);
  const y = (rate: number) => height - bottom - ((height - top - bottom) * rate) / highest;
  const grid = Array.from({ length: Math.floor(highest / step) + 1 }, (_, i) => i * step).map(
    (rate) =>
      `<line x1="${left}" x2="${width - right}" y1="${y(rate)}" y2="${y(rate)}" stroke="#ddd"/>` +
      text(left - 8, y(rate) + 4, rate.toLocaleString('en'), 'end'),
  );
  const ticks = sizes.map((size) =>
    text(x(size), height - bottom + 18, size.toLocaleString('en'), 'middle'),
  );
  const ends: number[] = [];
  const paths = lines
    .map(([workload, group], i) => ({
      workload,
      group: group.toSorted((a, b) => a.size - b.size),
      colour: palette[i % palette.length] ?? '',
    }))
    .sort((a, b) => (b.group.at(-1)?.perSecond ?? 0) - (a.group.at(-1)?.perSecond ?? 0))
    .map(({ workload, group, colour }) => {
      const points = group.map(
        ({ size, perSecond }) => `${x(size).toFixed(1)},${y(perSecond).toFixed(1)}`,
      );
      // Names at the lines' ends keep a distance from each other.
      const end = Math.max(y(group.at(-1)?.perSecond ?? 0) + 4, (ends.at(-1) ?? 0) + 15);
      ends.push(end);
      return (
        `<polyline points="${points.join(' ')}" fill="none" stroke="${colour}" stroke-width="2"/>` +
        points
          .map(
            (point) =>
              `<circle cx="${point.split(',')[0]}" cy="${point.split(',')[1]}" r="3" fill="${colour}"/>`,
          )
          .join('') +
        text(width - right + 10, end, workload, 'start', 'bold', 12, colour)
      );
    });
  const labels =
    text(14, 24, `Requests a second at ${most} connections, by size`, 'start', 'bold', 15) +
    text(
      (left + width - right) / 2,
      height - 8,
      'statements in the knowledge base (articles, offices, people … in proportion)',
      'middle',
    );
  return svg(width, height, grid.join('') + ticks.join('') + paths.join('') + labels);
}

// Private:

const svg = (width: number, height: number, content: string): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif">` +
  `<rect width="${width}" height="${height}" fill="#fff"/>${content}</svg>\n`;

const text = (
  x: number,
  y: number,
  content: string,
  anchor: string,
  weight = 'normal',
  size = 12,
  fill = '#222',
): string =>
  `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}" font-weight="${weight}" font-size="${size}" fill="${fill}">${content}</text>`;
