"""A gRPC client that calls as told: one JSON object a line on stdin, one result a line on stdout. Ends with stdin.

The options, calls and results are those of ../grpc-node/client.js.
"""

import base64
import json
import threading

import grpc
from google.protobuf import json_format

import protos
from peer import OPTIONS, end_with_stdin, read

METHODS = {name: method for service in ("grpc.testing.TestService", "grpc.health.v1.Health") for name, method in protos.load()[service].items()}


def channel():
    settings = [("grpc.max_receive_message_length", -1)]
    if "authority" in OPTIONS:
        settings.append(("grpc.default_authority", OPTIONS["authority"]))
    if "ca" in OPTIONS:
        return grpc.secure_channel(OPTIONS["target"], grpc.ssl_channel_credentials(read(OPTIONS["ca"])), settings)
    return grpc.insecure_channel(OPTIONS["target"], settings)


def text(metadata):
    return {name: base64.b64encode(value).decode() if isinstance(value, bytes) else value for name, value in metadata or ()}


def run(asked):
    method = METHODS[asked["method"]]
    kind = f"{'stream' if method.request_streams else 'unary'}_{'stream' if method.response_streams else 'unary'}"
    invoke = getattr(CHANNEL, kind)(method.path, method.request.SerializeToString, method.response.FromString)
    requests = [json_format.ParseDict(message, method.request()) for message in asked.get("messages", [{}])]
    metadata = [(name, base64.b64decode(value) if name.endswith("-bin") else value) for name, value in asked.get("metadata", {}).items()]
    timeout = asked["deadlineMs"] / 1000 if "deadlineMs" in asked else None
    received = []
    request = iter(requests) if method.request_streams else requests[0]
    try:
        if method.response_streams:
            call = invoke(request, timeout=timeout, metadata=metadata)
            for message in call:
                received.append(message)
                if len(received) >= asked.get("cancelAfter", 1 << 30):
                    call.cancel()
        else:
            message, call = invoke.with_call(request, timeout=timeout, metadata=metadata)
            received.append(message)
    except (grpc.RpcError, grpc.FutureCancelledError) as error:
        call = error if isinstance(error, grpc.Call) else call
    return {
        "id": asked.get("id"),
        "status": call.code().value[0],
        "message": call.details() or "",
        "headers": text(call.initial_metadata()),
        "trailers": text(call.trailing_metadata()),
        "messages": [json_format.MessageToDict(message, including_default_value_fields=True, preserving_proto_field_name=True, use_integers_for_enums=True) for message in received],
    }


def take(line):
    threading.Thread(target=lambda: print(json.dumps(run(json.loads(line))), flush=True), daemon=True).start()


CHANNEL = channel()
print("ready", flush=True)
end_with_stdin(take)
threading.Event().wait()
