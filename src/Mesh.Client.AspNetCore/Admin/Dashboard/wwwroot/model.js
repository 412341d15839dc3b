// What the stream told. Nothing here touches the page.

const historyLength = 60;

export class Model {
  process = null;
  services = new Map();
  events = [];
  server = null;
  counted = null;
  heard = false;
  offset = 0;

  /** The time of the process, as far as it is known. */
  get now() {
    return Date.now() + this.offset;
  }

  takeService(service) {
    const before = this.services.get(service.id);
    const known = new Map((before?.endpoints ?? []).map(e => [e.address, e]));
    for (const endpoint of service.endpoints) {
      const old = known.get(endpoint.address);
      endpoint.live = old?.live ?? null;
      endpoint.history = old?.history ?? Object.assign([], { capacity: historyLength });
    }

    service.figures = before?.figures ?? null;
    this.services.set(service.id, service);
  }

  takeGone(id) {
    this.services.delete(id);
  }

  takeLive(live) {
    this.offset = Date.parse(live.now) - Date.now();
    this.server = live.server;
    this.heard = true;

    // A process that began anew does not say which services went with the one before it.
    const told = new Set(live.services.map(s => s.id));
    [...this.services.keys()].filter(id => !told.has(id)).forEach(id => this.services.delete(id));
    for (const figures of live.services) {
      const service = this.services.get(figures.id);
      if (!service) {
        continue;
      }

      service.figures = figures;
      service.endpoints.forEach((endpoint, i) => {
        endpoint.live = figures.endpoints[i] ?? null;
        endpoint.history.push(endpoint.live?.[0] ? endpoint.live[2] : null);
        if (endpoint.history.length > historyLength) {
          endpoint.history.shift();
        }
      });
    }
  }

  /** Takes an event of a process, which is known by the time at which it began to count. */
  takeEvent(event, process) {
    if (this.counted !== process) {
      this.counted = process;
      this.events = [];
    } else if (this.events[0]?.number >= event.number) {
      return;
    }

    this.events.unshift(event);
    this.events.length = Math.min(this.events.length, 256);
  }

  sorted() {
    return [...this.services.values()].sort((a, b) => a.id < b.id ? -1 : 1);
  }
}

/** What of a service's calls an endpoint takes; null where that is not known. */
export function shareOf(service, endpoint) {
  const all = service.figures?.traffic?.callsPerSecond;
  return all > 0 ? (endpoint.live?.[0] ?? 0) / all : null;
}

/** The endpoints of a service by their zone, the largest first. */
export function zones(service) {
  const found = new Map();
  for (const endpoint of service.endpoints) {
    const name = endpoint.zone || endpoint.region || '';
    let zone = found.get(name);
    if (!zone) {
      found.set(name, zone = { name, endpoints: [], usable: 0, rate: 0, counts: {} });
    }

    zone.endpoints.push(endpoint);
    zone.usable += endpoint.usable ? 1 : 0;
    zone.rate += endpoint.live?.[0] ?? 0;
    zone.counts[endpoint.condition] = (zone.counts[endpoint.condition] ?? 0) + 1;
  }

  return [...found.values()].sort((a, b) => b.endpoints.length - a.endpoints.length || (a.name < b.name ? -1 : 1));
}
