import { s, setAttribute } from './dom.js';
import { conditions } from './format.js';

/** The shape of a condition. Its word stands beside it, or in its title. */
export function glyph(condition, title) {
  const known = conditions[condition];
  const path = s('path', { d: known.shape, 'fill-rule': 'evenodd' });
  return s('svg', { class: `glyph ${known.tone}`, viewBox: '0 0 12 12', role: title ? 'img' : null, 'aria-hidden': title ? null : 'true', 'aria-label': title ?? null },
    title ? s('title', null, title) : null, path);
}

export function setGlyph(element, condition) {
  const known = conditions[condition];
  setAttribute(element, 'class', `glyph ${known.tone}`);
  setAttribute(element.querySelector('path'), 'd', known.shape);
}

const width = 84;
const height = 22;

/** The latency of the last minute; the line is drawn from what the stream told since the page was opened. */
export function sparkline() {
  return s('svg', { class: 'spark', viewBox: `0 0 ${width} ${height}`, 'aria-hidden': 'true', preserveAspectRatio: 'none' },
    s('path', { class: 'spark-area' }), s('path', { class: 'spark-line' }));
}

export function setSparkline(element, history) {
  const known = history.filter(v => v !== null);
  const top = Math.max(1, ...known) * 1.15;
  const step = width / (history.capacity - 1);
  const first = history.capacity - history.length;
  let line = '';
  let last = null;
  history.forEach((value, i) => {
    if (value === null) {
      last = null;
      return;
    }

    const x = ((first + i) * step).toFixed(1);
    const y = (height - 1 - (value / top) * (height - 3)).toFixed(1);
    line += `${last === null ? 'M' : 'L'}${x} ${y}`;
    last = x;
  });
  setAttribute(element.lastElementChild, 'd', line || 'M0 0');
  const unbroken = known.length === history.length && known.length > 1;
  setAttribute(element.firstElementChild, 'd', unbroken ? `${line}L${width} ${height}L${(first * step).toFixed(1)} ${height}z` : 'M0 0');
}
