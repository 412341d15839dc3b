"""gRPC's interop TestService, grpc.health.v1 and mesh.peers.Peer on grpcio. Prints its port as one line and ends with stdin.

Options: name, port, cert and key (PEM files, for TLS), maxStreams (of one connection), goawayMs (the age at which a connection gets a GOAWAY), plan.
"""

import asyncio
import json

import grpc
from google.protobuf import json_format

import protos
from peer import OPTIONS, end_with_stdin, read

SERVICES = protos.load()
TEST = SERVICES["grpc.testing.TestService"]
HEALTH = SERVICES["grpc.health.v1.Health"]
PEER = SERVICES["mesh.peers.Peer"]
STATUS = {status.value[0]: status for status in grpc.StatusCode}
ECHO_INITIAL = "x-grpc-test-echo-initial"
ECHO_TRAILING = "x-grpc-test-echo-trailing-bin"


class Peer:
    """What a test sets and asks."""

    def __init__(self):
        self.report = PEER["GetReport"].response()
        self.plan = json_format.ParseDict(OPTIONS.get("plan", {}), PEER["SetPlan"].request())
        self.planned = 0
        self.health = {"": 1, "grpc.testing.TestService": 1}
        self.changed = asyncio.Condition()

    def plan_of(self, metadata):
        if "x-plan" in metadata:
            return json_format.ParseDict(json.loads(metadata["x-plan"]), PEER["SetPlan"].request())
        self.planned += 1
        return PEER["SetPlan"].request() if 0 < self.plan.times < self.planned else self.plan

    async def set_plan(self, request, _):
        self.plan = request
        self.planned = 0
        return PEER["SetPlan"].response()

    async def set_health(self, request, _):
        async with self.changed:
            self.health[request.service] = request.status
            self.changed.notify_all()
        return PEER["SetHealth"].response()

    async def get_report(self, _request, _context):
        return self.report

    async def check(self, request, context):
        if request.service not in self.health:
            await context.abort(grpc.StatusCode.NOT_FOUND, f"unknown service {request.service}")
        return HEALTH["Check"].response(status=self.health[request.service])

    async def watch(self, request, _):
        last = None
        while True:
            async with self.changed:
                await self.changed.wait_for(lambda: self.health.get(request.service, 3) != last)
                last = self.health.get(request.service, 3)
            yield HEALTH["Watch"].response(status=last)


class Call:
    """One call of TestService: counted while it runs, and with its plan."""

    def __init__(self, peer, context):
        self.peer = peer
        self.context = context
        self.metadata = {name: value for name, value in context.invocation_metadata()}
        self.plan = peer.plan_of(self.metadata)
        self.head = ((ECHO_INITIAL, self.metadata[ECHO_INITIAL]),) if ECHO_INITIAL in self.metadata else None

    def __enter__(self):
        report = self.peer.report
        report.calls += 1
        report.open += 1
        left = self.context.time_remaining()
        report.deadline_ms = max(1, int(left * 1000)) if left is not None and left < 1e6 else 0
        del report.metadata[:]
        report.metadata.extend(f"{name}: {value}" for name, value in self.metadata.items())
        if ECHO_TRAILING in self.metadata:
            self.context.set_trailing_metadata(((ECHO_TRAILING, self.metadata[ECHO_TRAILING]),))
        return self

    def __exit__(self, kind, _value, _trace):
        self.peer.report.open -= 1
        if kind is asyncio.CancelledError or kind is GeneratorExit:
            self.peer.report.cancelled += 1

    async def begin(self):
        if self.plan.delay_ms:
            await asyncio.sleep(self.plan.delay_ms / 1000)
        if self.head:
            await self.context.send_initial_metadata(self.head)

    async def fail(self):
        trailers = (("grpc-retry-pushback-ms", self.plan.pushback_ms),) if self.plan.pushback_ms else ()
        await self.context.abort(STATUS[self.plan.status], self.plan.message, trailers)

    async def echo(self, request):
        status = request.response_status
        if status.code:
            await self.context.abort(STATUS[status.code], status.message)


def single(peer, answer):
    """A method with one response."""

    async def handle(request, context):
        with Call(peer, context) as call:
            response = await answer(call, request)
            await call.begin()
            if call.plan.status:
                if call.plan.after_messages and not call.head:
                    await context.send_initial_metadata(())
                await call.fail()
            return response

    return handle


def many(peer, streams):
    """A method with many responses: for each request, those that it asks for."""

    async def handle(request, context):
        with Call(peer, context) as call:
            await call.begin()
            sent = 0
            async for asked in request if streams else one(request):
                for parameters in asked.response_parameters:
                    if parameters.interval_us:
                        await asyncio.sleep(parameters.interval_us / 1e6)
                    if call.plan.status and sent >= call.plan.after_messages:
                        break
                    sent += 1
                    yield TEST["FullDuplexCall"].response(payload={"body": bytes(parameters.size)})
                await call.echo(asked)
                if call.plan.status and sent >= call.plan.after_messages:
                    await call.fail()

    return handle


async def one(request):
    yield request


async def empty(_call, _request):
    return TEST["EmptyCall"].response()


async def unary(call, request):
    await call.echo(request)
    return TEST["UnaryCall"].response(payload={"body": bytes(request.response_size)}, server_id=OPTIONS.get("name", "") if request.fill_server_id else "")


async def input_call(_call, requests):
    size = 0
    async for request in requests:
        size += len(request.payload.body)
    return TEST["StreamingInputCall"].response(aggregated_payload_size=size)


def handlers(name, methods, behaviours):
    made = {}
    for method, behaviour in behaviours.items():
        definition = methods[method]
        kind = f"{'stream' if definition.request_streams else 'unary'}_{'stream' if definition.response_streams else 'unary'}_rpc_method_handler"
        made[method] = getattr(grpc, kind)(behaviour, definition.request.FromString, definition.response.SerializeToString)
    return grpc.method_handlers_generic_handler(name, made)


async def serve():
    peer = Peer()
    settings = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1), ("grpc.so_reuseport", 0)]
    if "maxStreams" in OPTIONS:
        settings.append(("grpc.max_concurrent_streams", OPTIONS["maxStreams"]))
    if "goawayMs" in OPTIONS:
        settings.append(("grpc.max_connection_age_ms", OPTIONS["goawayMs"]))
    server = grpc.aio.server(options=settings)
    tests = {
        "EmptyCall": single(peer, empty),
        "UnaryCall": single(peer, unary),
        "StreamingInputCall": single(peer, input_call),
        "StreamingOutputCall": many(peer, streams=False),
        "FullDuplexCall": many(peer, streams=True),
    }
    server.add_generic_rpc_handlers((
        handlers("grpc.testing.TestService", TEST, tests),
        handlers("grpc.health.v1.Health", HEALTH, {"Check": peer.check, "Watch": peer.watch}),
        handlers("mesh.peers.Peer", PEER, {"SetPlan": peer.set_plan, "SetHealth": peer.set_health, "GetReport": peer.get_report}),
    ))
    address = f"127.0.0.1:{OPTIONS.get('port', 0)}"
    if "cert" in OPTIONS:
        port = server.add_secure_port(address, grpc.ssl_server_credentials([(read(OPTIONS["key"]), read(OPTIONS["cert"]))]))
    else:
        port = server.add_insecure_port(address)
    await server.start()
    print(port, flush=True)
    await server.wait_for_termination()


end_with_stdin()
asyncio.run(serve())
