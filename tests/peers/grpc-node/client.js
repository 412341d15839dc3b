'use strict';

// A gRPC client that calls as told: one JSON object a line on stdin, one result a line on stdout, in the order in which calls end. Ends with stdin.
// Options: target (host:port), ca (a PEM file, for TLS), authority (the name to ask for).
// A call: id, method (of TestService or Health, such as "UnaryCall"), messages (the requests), metadata (name to text), deadlineMs, cancelAfter (responses).
// A result: id, status, message, headers and trailers (name to text, -bin as base64), messages (the responses; bytes as base64).

const { readFileSync } = require('node:fs');
const readline = require('node:readline');
const grpc = require('@grpc/grpc-js');
const { options, services, endWithStdin } = require('./peer');

const { TestService, Health } = services();
const credentials = options.ca ? grpc.credentials.createSsl(readFileSync(options.ca)) : grpc.credentials.createInsecure();
const settings = { 'grpc.max_receive_message_length': -1, ...(options.authority && { 'grpc.default_authority': options.authority }) };
const clients = [TestService, Health].map((type) => [type.service, new type(options.target, credentials, settings)]);

function text(metadata) {
  return Object.fromEntries(Object.entries(metadata ? metadata.getMap() : {}).map(([name, value]) => [name, Buffer.isBuffer(value) ? value.toString('base64') : value]));
}

function plain(message) {
  return JSON.parse(JSON.stringify(message, (_, value) => (value && value.type === 'Buffer' ? Buffer.from(value.data).toString('base64') : value)));
}

function start({ id, method, messages = [{}], metadata = {}, deadlineMs, cancelAfter }) {
  const [service, client] = clients.find(([definition]) => definition[method]);
  const { path, requestStream, responseStream, requestSerialize, responseDeserialize } = service[method];
  const sent = new grpc.Metadata();
  Object.entries(metadata).forEach(([name, value]) => sent.set(name, name.endsWith('-bin') ? Buffer.from(value, 'base64') : value));
  const more = deadlineMs ? { deadline: Date.now() + deadlineMs } : {};
  const result = { id, status: null, message: '', headers: {}, trailers: {}, messages: [] };
  const take = (message) => {
    result.messages.push(plain(message));
    if (cancelAfter && result.messages.length >= cancelAfter) {
      call.cancel();
    }
  };
  const single = (error, message) => message && take(message);
  const first = requestStream ? [] : [messages[0]];
  const last = responseStream ? [] : [single];
  const kind = `make${requestStream ? (responseStream ? 'BidiStream' : 'ClientStream') : (responseStream ? 'ServerStream' : 'Unary')}Request`;
  const call = client[kind](path, requestSerialize, responseDeserialize, ...first, sent, more, ...last);
  call.on('metadata', (headers) => {
    result.headers = text(headers);
  });
  call.on('error', () => {});
  if (responseStream) {
    call.on('data', take);
  }

  call.on('status', ({ code, details, metadata: trailers }) => {
    // The single response is handed on after the status.
    setImmediate(() => console.log(JSON.stringify({ ...result, status: code, message: details, trailers: text(trailers) })));
  });
  if (requestStream) {
    messages.forEach((message) => call.write(message));
    call.end();
  }
}

console.log('ready');
endWithStdin();
readline.createInterface({ input: process.stdin }).on('line', (line) => start(JSON.parse(line)));
