"""The messages and services of ../proto, made without a compiler: a reader of the small part of the language that those files use."""

import pathlib
import re

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

_FOLDER = pathlib.Path(__file__).resolve().parent.parent / "proto"
_FIELD = re.compile(r"(repeated )?([\w.]+) (\w+) = (\d+);")
_METHOD = re.compile(r"rpc (\w+) \((stream )?(\w+)\) returns \((stream )?(\w+)\);")
_SCALARS = {
    "int32": descriptor_pb2.FieldDescriptorProto.TYPE_INT32,
    "bool": descriptor_pb2.FieldDescriptorProto.TYPE_BOOL,
    "string": descriptor_pb2.FieldDescriptorProto.TYPE_STRING,
    "bytes": descriptor_pb2.FieldDescriptorProto.TYPE_BYTES,
}


class Method:
    """One method: its full path, its messages, and which sides stream."""

    def __init__(self, path, request, response, request_streams, response_streams):
        self.path = path
        self.request = request
        self.response = response
        self.request_streams = request_streams
        self.response_streams = response_streams


def _read(name, pool):
    text = re.sub(r"//.*", "", (_FOLDER / name).read_text(encoding="utf-8"))
    package = re.search(r"package ([\w.]+);", text).group(1)
    file = descriptor_pb2.FileDescriptorProto(name=name, package=package, syntax="proto3")
    blocks = re.findall(r"(message|enum|service) (\w+) \{(.*?)\n\}", text, re.DOTALL)
    enums = {title for kind, title, _ in blocks if kind == "enum"}
    services = []
    for kind, title, body in blocks:
        if kind == "service":
            services.append((title, _METHOD.findall(body)))
        elif kind == "enum":
            enum = file.enum_type.add(name=title)
            for key, number in re.findall(r"(\w+) = (\d+);", body):
                enum.value.add(name=key, number=int(number))
        else:
            message = file.message_type.add(name=title)
            for repeated, kind_of, key, number in _FIELD.findall(body):
                field = message.field.add(name=key, number=int(number), json_name=key)
                field.label = field.LABEL_REPEATED if repeated else field.LABEL_OPTIONAL
                if kind_of in _SCALARS:
                    field.type = _SCALARS[kind_of]
                else:
                    field.type = field.TYPE_ENUM if kind_of in enums else field.TYPE_MESSAGE
                    field.type_name = f".{package}.{kind_of}"
    pool.Add(file)
    return package, services


def _class_of(pool, name):
    descriptor = pool.FindMessageTypeByName(name)
    get = getattr(message_factory, "GetMessageClass", None)
    return get(descriptor) if get else message_factory.MessageFactory(pool).GetPrototype(descriptor)


def load():
    """All services: full name to method name to Method."""
    pool = descriptor_pool.DescriptorPool()
    found = {}
    for name in ("testing.proto", "health.proto", "control.proto"):
        package, services = _read(name, pool)
        for service, methods in services:
            found[f"{package}.{service}"] = {
                method: Method(f"/{package}.{service}/{method}", _class_of(pool, f"{package}.{request}"), _class_of(pool, f"{package}.{response}"), bool(in_stream), bool(out_stream))
                for method, in_stream, request, out_stream, response in methods
            }
    return found
