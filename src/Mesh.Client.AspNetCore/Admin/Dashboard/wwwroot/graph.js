import { byId, h, keyed, s, setAttribute, setText } from './dom.js';
import { conditions, count, order, rate, share, time } from './format.js';
import { glyph } from './icons.js';
import { zones } from './model.js';

const mostZones = 4;
const mostGlyphs = 12;

/** Callers, this process, its services and their endpoints by zone, from left to right; from top to bottom where there is no room. */
export class Graph {
  constructor(model, choose) {
    this.model = model;
    this.choose = choose;
    this.frame = byId('graph');
    this.svg = byId('edges');
    new ResizeObserver(() => this.drawEdges()).observe(this.frame);
  }

  render(services, chosen) {
    const callers = this.model.server?.callers ?? [];
    keyed(byId('callers'), callers, c => c.name,
      c => h('div', { class: 'node caller' }, h('strong', null, c.name === '' ? 'Unnamed callers' : c.name === '*' ? 'Other callers' : c.name), h('span', { class: 'figures' })),
      (e, c) => setText(e.lastElementChild, figures(c.traffic)));
    this.renderSelf();
    keyed(byId('services'), services, v => v.id, v => this.createService(v), (e, v) => this.updateService(e, v, chosen));
    this.frame.hidden = services.length === 0 && callers.length === 0;
    this.drawEdges();
  }

  renderSelf() {
    const self = byId('self');
    if (!self.firstChild) {
      self.append(h('div', { class: 'node me' }, h('strong'), h('span', { class: 'figures' }, 'this process')));
    }

    const process = this.model.process;
    setText(self.querySelector('strong'), process?.service || 'This process');
  }

  createService(service) {
    return h('div', { class: 'row' },
      h('p', { class: 'flow' }, h('span', { class: 'above' }, h('b'), h('span')), h('span', { class: 'below' })),
      h('button', { class: 'node service', type: 'button', onclick: () => this.choose(service.id) },
        h('span', { class: 'title' }, h('strong', null, service.id), h('span', { class: 'badge', hidden: true })),
        h('span', { class: 'figures' })),
      h('ul', { class: 'zones' }));
  }

  updateService(row, service, chosen) {
    const traffic = service.figures?.traffic;
    const [flow, button, list] = row.children;
    const calls = traffic?.callsPerSecond > 0;
    setText(flow.firstChild.firstChild, calls ? rate(traffic.callsPerSecond) : 'no calls');
    setText(flow.firstChild.lastChild, calls ? `${share(traffic.errorShare)} errors` : '');
    setText(flow.lastChild, calls ? `p50 ${time(traffic.p50Ms)} · p99 ${time(traffic.p99Ms)}` : '');
    setAttribute(flow, 'class', `flow ${tone(traffic)}`);
    setAttribute(button, 'aria-pressed', String(service.id === chosen));
    const badge = button.querySelector('.badge');
    const word = !service.resolved ? 'Unknown' : service.inPanic ? 'Panic' : service.source.error ? 'Source fails' : '';
    badge.hidden = !word;
    setText(badge, word);
    setText(button.lastElementChild, service.endpoints.length === 0 ? 'no endpoint'
      : `${count(service.usable)} of ${count(service.endpoints.length)} usable · ${service.balancer}`);
    const all = zones(service);
    const shown = all.length > mostZones ? all.slice(0, mostZones - 1) : all;
    const rest = all.slice(shown.length);
    keyed(list, [...shown, ...(rest.length > 0 ? [merge(rest)] : [])], z => z.name, createZone, updateZone);
  }

  drawEdges() {
    const box = this.frame.getBoundingClientRect();
    if (box.width === 0) {
      return;
    }

    setAttribute(this.svg, 'viewBox', `0 0 ${box.width} ${box.height}`);
    const me = this.frame.querySelector('.me');
    const edges = [];
    const wide = getComputedStyle(this.frame).getPropertyValue('--wide').trim() === '1';
    if (me && wide) {
      const from = edge(me, box);
      const callers = this.model.server?.callers ?? [];
      [...byId('callers').children].forEach((e, i) => edges.push({ key: `c${i}`, a: edge(e, box).right, b: from.left, traffic: callers[i]?.traffic }));
      for (const row of byId('services').children) {
        const service = this.model.services.get(row.querySelector('strong').textContent);
        const to = edge(row.children[1], box);
        edges.push({ key: `s${service?.id}`, a: from.right, via: edge(row.children[0], box).left.x, b: to.left, traffic: service?.figures?.traffic });
        [...row.children[2].children].forEach((zone, i) => edges.push({ key: `z${service?.id}/${i}`, a: to.right, b: edge(zone, box).left, traffic: null }));
      }
    }

    keyed(this.svg, edges, e => e.key, () => s('path'), (path, e) => {
      // Straight where its figures stand above and below it.
      const end = e.via ?? e.b.x;
      const middle = (e.a.x + end) / 2;
      setAttribute(path, 'd', `M${e.a.x} ${e.a.y}C${middle} ${e.a.y} ${middle} ${e.b.y} ${end} ${e.b.y}L${e.b.x} ${e.b.y}`);
      setAttribute(path, 'class', tone(e.traffic));
      setAttribute(path, 'stroke-width', (1 + Math.min(4, Math.log10(1 + (e.traffic?.callsPerSecond ?? 0)) * 1.2)).toFixed(1));
    });
  }
}

const figures = traffic => traffic.callsPerSecond === 0 ? 'no calls' : `${rate(traffic.callsPerSecond)} · p50 ${time(traffic.p50Ms)} · p99 ${time(traffic.p99Ms)} · ${share(traffic.errorShare)} errors`;

const tone = traffic => !traffic || traffic.callsPerSecond === 0 ? 'idle' : traffic.errorShare >= 0.05 ? 'bad' : traffic.errorShare >= 0.005 ? 'warn' : 'ok';

function edge(element, box) {
  const r = element.getBoundingClientRect();
  const y = Math.round(r.top - box.top + r.height / 2);
  return { left: { x: Math.round(r.left - box.left), y }, right: { x: Math.round(r.right - box.left), y } };
}

function merge(rest) {
  const counts = {};
  for (const zone of rest) {
    for (const [condition, n] of Object.entries(zone.counts)) {
      counts[condition] = (counts[condition] ?? 0) + n;
    }
  }

  return { name: `${rest.length} more zones`, endpoints: rest.flatMap(z => z.endpoints), usable: rest.reduce((n, z) => n + z.usable, 0), rate: 0, counts };
}

function createZone(zone) {
  return h('li', { class: 'zone' }, h('span', { class: 'zone-name' }, zone.name || 'no zone'), h('span', { class: 'marks' }), h('span', { class: 'zone-count' }));
}

function updateZone(item, zone) {
  const marks = item.children[1];
  if (zone.endpoints.length <= mostGlyphs) {
    const text = zone.endpoints.map(e => e.condition).join();
    if (marks.shown !== text) {
      marks.shown = text;
      marks.replaceChildren(...[...zone.endpoints].sort((a, b) => order.indexOf(a.condition) - order.indexOf(b.condition)).map(e => glyph(e.condition, `${e.address}: ${conditions[e.condition].word}`)));
    }
  } else {
    const text = order.map(c => zone.counts[c] ?? 0).join();
    if (marks.shown !== text) {
      marks.shown = text;
      marks.replaceChildren(bar(zone));
    }
  }

  setText(item.children[2], `${count(zone.usable)}/${count(zone.endpoints.length)}`);
}

function bar(zone) {
  const svg = s('svg', { class: 'stack', viewBox: '0 0 100 8', preserveAspectRatio: 'none', role: 'img', 'aria-label': order.filter(c => zone.counts[c]).map(c => `${zone.counts[c]} ${conditions[c].word}`).join(', ') });
  let x = 0;
  for (const condition of [...order].reverse().filter(c => zone.counts[c])) {
    // What is out is seen, however few they are.
    const width = Math.max(1.5, 100 * zone.counts[condition] / zone.endpoints.length);
    svg.append(s('rect', { x: Math.min(x, 100 - width), y: 0, width, height: 8, class: conditions[condition].tone }, s('title', null, `${zone.counts[condition]} ${conditions[condition].word}`)));
    x += width;
  }

  return svg;
}
