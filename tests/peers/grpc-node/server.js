'use strict';

// gRPC's interop TestService, grpc.health.v1 and mesh.peers.Peer on @grpc/grpc-js. Prints its port as one line and ends with stdin.
// Options: name, port, cert and key (PEM files, for TLS), maxStreams (of one connection), goawayMs (the age at which a connection gets a GOAWAY), plan.

const { readFileSync } = require('node:fs');
const { setTimeout: sleep } = require('node:timers/promises');
const grpc = require('@grpc/grpc-js');
const { options, services, endWithStdin } = require('./peer');

const { TestService, Health, Peer } = services();
const report = { calls: 0, cancelled: 0, open: 0, deadline_ms: 0, metadata: [] };
const health = new Map([['', 1], ['grpc.testing.TestService', 1]]);
const watchers = new Set();
let plan = options.plan || {};
let planned = 0;

function payload(size) {
  return { body: Buffer.alloc(size) };
}

/** The plan of one call. */
function planOf(call) {
  const [own] = call.metadata.get('x-plan');
  if (own) {
    return JSON.parse(own);
  }

  return plan.times && ++planned > plan.times ? {} : plan;
}

function pushback(asked) {
  const trailers = new grpc.Metadata();
  if (asked.pushback_ms) {
    trailers.set('grpc-retry-pushback-ms', asked.pushback_ms);
  }

  return trailers;
}

/** The echoes of the case custom_metadata: one at the head, one at the end. */
function echo(call) {
  const [initial] = call.metadata.get('x-grpc-test-echo-initial');
  const [trailing] = call.metadata.get('x-grpc-test-echo-trailing-bin');
  const head = new grpc.Metadata();
  const end = new grpc.Metadata();
  if (initial) {
    head.set('x-grpc-test-echo-initial', initial);
  }

  if (trailing) {
    end.set('x-grpc-test-echo-trailing-bin', trailing);
  }

  return { head: initial ? head : null, end };
}

function note(call) {
  report.calls++;
  report.open++;
  const deadline = call.getDeadline();
  report.deadline_ms = Number.isFinite(+deadline) ? Math.max(1, +deadline - Date.now()) : 0;
  report.metadata = Object.entries(call.metadata.getMap()).map(([name, value]) => `${name}: ${value}`);
  let open = true;
  const end = () => {
    report.open -= open ? 1 : 0;
    open = false;
  };
  call.on('cancelled', () => {
    report.cancelled += open ? 1 : 0;
    end();
  });
  return end;
}

/** A method with one response: `answer` gives it, or an error with a code. */
function single(answer) {
  return async (call, callback) => {
    const end = note(call);
    const asked = planOf(call);
    const { head, end: trailers } = echo(call);
    try {
      const response = await answer(call);
      if (asked.delay_ms) {
        await sleep(asked.delay_ms);
      }

      if (asked.status) {
        if (asked.after_messages) {
          call.sendMetadata(new grpc.Metadata());
        }

        throw { code: asked.status, details: asked.message || '', metadata: pushback(asked) };
      }

      if (head) {
        call.sendMetadata(head);
      }

      end();
      callback(null, response, trailers);
    } catch (error) {
      end();
      callback(error);
    }
  };
}

/** A method with many responses: for each request, those that it asks for. */
function many(requests) {
  return async (call) => {
    const end = note(call);
    const asked = planOf(call);
    const { head, end: trailers } = echo(call);
    let sent = 0;
    try {
      if (asked.delay_ms) {
        await sleep(asked.delay_ms);
      }

      if (head) {
        call.sendMetadata(head);
      }

      for await (const request of requests(call)) {
        for (const { size, interval_us: pause } of request.response_parameters) {
          if (pause) {
            await sleep(pause / 1000);
          }

          if (asked.status && sent >= (asked.after_messages || 0)) {
            break;
          }

          sent++;
          if (!call.write({ payload: payload(size) }) && !call.cancelled) {
            await new Promise((resolve) => call.once('drain', resolve).once('cancelled', resolve));
          }
        }

        const { response_status: status } = request;
        if (status && status.code) {
          throw { code: status.code, details: status.message };
        }

        if (asked.status && sent >= (asked.after_messages || 0)) {
          throw { code: asked.status, details: asked.message || '', metadata: pushback(asked) };
        }
      }

      end();
      call.end(trailers);
    } catch (error) {
      end();
      call.emit('error', error.code === undefined ? { code: grpc.status.INTERNAL, details: String(error) } : error);
    }
  };
}

async function* one(call) {
  yield call.request;
}

const server = new grpc.Server({
  'grpc.max_receive_message_length': -1,
  'grpc.max_send_message_length': -1,
  ...(options.maxStreams && { 'grpc.max_concurrent_streams': options.maxStreams }),
  ...(options.goawayMs && { 'grpc.max_connection_age_ms': options.goawayMs }),
});

server.addService(TestService.service, {
  EmptyCall: single(() => ({})),
  UnaryCall: single(({ request }) => {
    const { response_status: status } = request;
    if (status && status.code) {
      throw { code: status.code, details: status.message };
    }

    return { payload: payload(request.response_size), server_id: request.fill_server_id ? options.name || '' : '' };
  }),
  StreamingInputCall: single(async (call) => {
    let size = 0;
    for await (const request of call) {
      size += request.payload ? request.payload.body.length : 0;
    }

    return { aggregated_payload_size: size };
  }),
  StreamingOutputCall: many(one),
  // A duplex stream that is read to its end by a plain loop is destroyed with it, both ways.
  FullDuplexCall: many((call) => call.iterator({ destroyOnReturn: false })),
});

server.addService(Health.service, {
  Check: ({ request }, callback) => (health.has(request.service)
    ? callback(null, { status: health.get(request.service) })
    : callback({ code: grpc.status.NOT_FOUND, details: `unknown service ${request.service}` })),
  Watch: (call) => {
    const { service } = call.request;
    const tell = (changed) => changed === service && call.write({ status: health.has(service) ? health.get(service) : 3 });
    watchers.add(tell);
    call.on('cancelled', () => watchers.delete(tell));
    tell(service);
  },
});

server.addService(Peer.service, {
  SetPlan: ({ request }, callback) => {
    plan = request;
    planned = 0;
    callback(null, {});
  },
  SetHealth: ({ request }, callback) => {
    health.set(request.service, request.status);
    watchers.forEach((tell) => tell(request.service));
    callback(null, {});
  },
  GetReport: (_, callback) => callback(null, report),
});

const credentials = options.cert
  ? grpc.ServerCredentials.createSsl(null, [{ cert_chain: readFileSync(options.cert), private_key: readFileSync(options.key) }])
  : grpc.ServerCredentials.createInsecure();

endWithStdin();
server.bindAsync(`127.0.0.1:${options.port || 0}`, credentials, (error, port) => {
  if (error) {
    throw error;
  }

  console.log(port);
});
