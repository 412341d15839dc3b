'use strict';

// A bare HTTP/2 server that answers like a gRPC server, or breaks the protocol as told. Prints its port as one line and ends with stdin.
// Options: port, cert and key (PEM files, for TLS), maxStreams, fault (see `faults`; a call's header `x-fault` counts before it), times (how many calls
// the fault is for; 0 for all). GET /report answers {"calls":…,"streams":[each call's path],"sessions":…} as JSON.

const { readFileSync } = require('node:fs');
const http2 = require('node:http2');
const { options, endWithStdin } = require('./peer');

const { NGHTTP2_REFUSED_STREAM, NGHTTP2_INTERNAL_ERROR, NGHTTP2_CANCEL, NGHTTP2_ENHANCE_YOUR_CALM } = http2.constants;
const report = { calls: 0, sessions: 0, streams: [] };
const emptyMessage = Buffer.alloc(5);
const half = Buffer.concat([Buffer.from([0, 0, 0, 0, 100]), Buffer.alloc(40)]);
// A session lets nobody at its socket.
const sockets = new Map();
let faulted = 0;

function head(more) {
  return { ':status': 200, 'content-type': 'application/grpc', ...more };
}

function trailers(stream, values) {
  stream.on('wantTrailers', () => stream.sendTrailers(values));
}

/** Headers, perhaps a message, and these trailers. */
function answer(stream, message, values) {
  stream.respond(head(), { waitForTrailers: true });
  trailers(stream, values);
  stream.end(message);
}

const faults = {
  none: (stream) => answer(stream, emptyMessage, { 'grpc-status': '0' }),
  'trailers-only': (stream) => stream.respond(head({ 'grpc-status': '14', 'grpc-message': 'not%20now' }), { endStream: true }),
  'status-in-trailers': (stream) => answer(stream, undefined, { 'grpc-status': '14', 'grpc-message': 'not%20now' }),
  'status-after-message': (stream) => answer(stream, emptyMessage, { 'grpc-status': '14' }),
  'no-trailers': (stream) => {
    stream.respond(head());
    stream.end(emptyMessage);
  },
  'no-message': (stream) => answer(stream, undefined, { 'grpc-status': '0' }),
  'bad-status': (stream) => answer(stream, emptyMessage, { 'grpc-status': 'fine' }),
  'unknown-status': (stream) => answer(stream, emptyMessage, { 'grpc-status': '99' }),
  'bad-message': (stream) => answer(stream, undefined, { 'grpc-status': '13', 'grpc-message': 'half %zz 100%' }),
  'wrong-content-type': (stream) => {
    stream.respond({ ':status': 200, 'content-type': 'text/html' });
    stream.end('<html></html>');
  },
  'no-content-type': (stream) => {
    stream.respond({ ':status': 200 });
    stream.end();
  },
  'half-message': (stream) => answer(stream, half, { 'grpc-status': '0' }),
  'reset-before-headers': (stream) => stream.close(NGHTTP2_INTERNAL_ERROR),
  'reset-mid-message': (stream) => {
    stream.respond(head());
    stream.write(half, () => stream.close(NGHTTP2_INTERNAL_ERROR));
  },
  'reset-cancel': (stream) => stream.close(NGHTTP2_CANCEL),
  'reset-calm': (stream) => stream.close(NGHTTP2_ENHANCE_YOUR_CALM),
  refuse: (stream) => stream.close(NGHTTP2_REFUSED_STREAM),
  'goaway-unprocessed': (stream) => {
    stream.session.goaway(0, stream.id - 2 > 0 ? stream.id - 2 : 0);
    stream.session.destroy();
  },
  'goaway-after': (stream) => {
    faults.none(stream);
    stream.session.close();
  },
  'close-connection': (stream) => sockets.get(stream.session.socket.remotePort).resetAndDestroy(),
  silent: () => {},
};

for (const status of [400, 401, 403, 404, 429, 500, 502, 503, 504]) {
  faults[`http-${status}`] = (stream) => {
    stream.respond({ ':status': status, 'content-type': 'text/plain' });
    stream.end(String(status));
  };
}

function faultOf(headers) {
  if (headers['x-fault']) {
    return headers['x-fault'];
  }

  return !options.fault || (options.times && ++faulted > options.times) ? 'none' : options.fault;
}

const settings = options.maxStreams ? { maxConcurrentStreams: options.maxStreams } : {};
const server = options.cert
  ? http2.createSecureServer({ cert: readFileSync(options.cert), key: readFileSync(options.key), settings })
  : http2.createServer({ settings });

server.on('connection', (socket) => {
  const port = socket.remotePort;
  sockets.set(port, socket);
  socket.on('close', () => sockets.delete(port));
});
server.on('session', (session) => {
  report.sessions++;
  session.on('error', () => {});
});
server.on('stream', (stream, headers) => {
  stream.on('error', () => {});
  const path = headers[':path'];
  if (path === '/report') {
    stream.respond({ ':status': 200, 'content-type': 'application/json' });
    stream.end(JSON.stringify(report));
    return;
  }

  report.calls++;
  report.streams.push(path);
  const fault = faultOf(headers);
  if (!faults[fault]) {
    answer(stream, undefined, { 'grpc-status': '3', 'grpc-message': `no fault ${fault}` });
    return;
  }

  stream.resume();
  faults[fault](stream);
});

endWithStdin();
server.listen(options.port || 0, '127.0.0.1', () => console.log(server.address().port));
