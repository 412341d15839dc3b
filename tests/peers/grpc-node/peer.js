'use strict';

// What all programs of this folder share: options, protocols, and the way they begin and end.

const path = require('node:path');

/** The options: one JSON object as the only argument. */
const options = JSON.parse(process.argv[2] || '{}');

/** The services of ../proto, field names as written there, bytes and enums as numbers. */
function services() {
  const grpc = require('@grpc/grpc-js');
  const folder = path.join(__dirname, '..', 'proto');
  const files = ['testing.proto', 'health.proto', 'control.proto'].map((name) => path.join(folder, name));
  const loaded = grpc.loadPackageDefinition(require('@grpc/proto-loader').loadSync(files, { keepCase: true, defaults: true }));
  return { TestService: loaded.grpc.testing.TestService, Health: loaded.grpc.health.v1.Health, Peer: loaded.mesh.peers.Peer };
}

/** Ends this process when whoever started it closes stdin, be it by dying. */
function endWithStdin() {
  process.stdin.resume();
  process.stdin.on('end', () => process.exit(0));
  process.stdin.on('error', () => process.exit(0));
}

module.exports = { options, services, endWithStdin };
