import { byId, h, keyed, setAttribute, setText } from './dom.js';
import { count, rate, share } from './format.js';
import { Detail } from './detail.js';
import { renderEvents } from './events.js';
import { Explain } from './explain.js';
import { Graph } from './graph.js';
import { Model } from './model.js';
import { renderServer } from './limits.js';

const model = new Model();
const detail = new Detail(byId('detail'), model);
const graph = new Graph(model, id => detail.choose(id));
let asked = false;

/** Draws once a frame at most, and not at all where nobody can see it. */
function draw() {
  if (asked) {
    return;
  }

  asked = true;
  requestAnimationFrame(() => {
    asked = false;
    const services = model.sorted();
    if (!detail.chosen && services.length > 0) {
      const worst = [...services].sort((a, b) => b.out - a.out)[0];
      detail.choose((services.find(s => s.id === location.hash.slice(1)) ?? worst).id);
    }

    renderTop(services);
    byId('quiet').hidden = services.length > 0;
    if (model.heard) {
      setText(byId('quiet'), 'No service was called in the last ten minutes.');
    }

    graph.render(services, detail.chosen);
    detail.render();
    renderServer(byId('server'), model.server);
    renderEvents(byId('events'), model.events);
  });
}

function renderTop(services) {
  const process = model.process;
  if (process) {
    setText(byId('name'), process.service || process.instance);
    setText(byId('place'), [process.service ? process.instance : null, process.zone || process.region, `Mesh.Client ${process.version}`].filter(Boolean).join(' · '));
    document.title = `${process.service || process.instance} · Mesh`;
  }

  const calls = services.reduce((sum, s) => sum + (s.figures?.traffic?.callsPerSecond ?? 0), 0);
  const errors = services.reduce((sum, s) => sum + (s.figures?.traffic?.callsPerSecond ?? 0) * (s.figures?.traffic?.errorShare ?? 0), 0);
  const endpoints = services.reduce((sum, s) => sum + s.endpoints.length, 0);
  const out = services.reduce((sum, s) => sum + s.out, 0);
  const totals = [
    ['Calls', rate(calls)],
    ['Errors', share(calls > 0 ? errors / calls : 0)],
    ['Endpoints', count(endpoints)],
    ['Out', count(out)],
  ];
  keyed(byId('totals'), totals, t => t[0],
    t => h('div', null, h('dt', null, t[0]), h('dd')),
    (e, t) => {
      setText(e.lastElementChild, t[1]);
      setAttribute(e, 'class', t[0] === 'Out' && out > 0 ? 'alert' : '');
    });
}

function setLink(text, state) {
  setText(byId('link'), text);
  setAttribute(byId('link'), 'data-state', state);
}

async function readProcess() {
  const answer = await fetch('api');
  if (answer.ok) {
    model.process = await answer.json();
    detail.canChange = model.process.canChange;
    new Explain(byId('explain'), model.process.explains);
    draw();
  }
}

function follow() {
  const stream = new EventSource('api/stream');
  const on = (name, take) => stream.addEventListener(name, e => {
    take(JSON.parse(e.data), e);
    draw();
  });
  on('service', s => model.takeService(s));
  on('gone', id => model.takeGone(id));
  on('live', live => model.takeLive(live));
  on('happened', (event, e) => model.takeEvent(event, e.lastEventId.split('.')[0]));
  stream.onopen = () => {
    setLink('Live', 'live');
    readProcess().catch(() => {});
  };
  stream.onerror = () => {
    setLink('Not connected', 'lost');
    if (stream.readyState === EventSource.CLOSED) {
      // Refused, not broken off: the browser does not try again by itself.
      setTimeout(follow, 5000);
    }
  };
}

follow();
setInterval(() => detail.tick(), 1000);
