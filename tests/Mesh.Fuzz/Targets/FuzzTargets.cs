using Mesh.Fuzz.Targets.Binary;
using Mesh.Fuzz.Targets.Headers;
using Mesh.Fuzz.Targets.Json;
using Mesh.Fuzz.Targets.Paths;

namespace Mesh.Fuzz.Targets;

/// <summary>Every reader of what comes from outside.</summary>
internal static class FuzzTargets
{
    public static IReadOnlyList<IFuzzTarget> All { get; } =
    [
        new ConfigurationTarget(),
        new PolicyDocumentTarget(),
        new AgentCheckTarget(),
        new RegistrationBodyTarget(),
        new CacheFileTarget("cache-file", isFramed: false),
        new CacheFileTarget("cache-answer", isFramed: true),
        new ConsulHealthTarget(),
        new ConsulListsTarget(),
        new ConsulKeysTarget(),
        new GrpcTimeoutTarget(),
        new GrpcMessageTarget(),
        new ReplyHeadersTarget(),
        new BaggageTarget(),
        new CallerTarget(),
        new CookieTarget(),
        new TraceTarget(),
        new NormalPathTarget(),
        new PathPatternTarget(),
        new RouteMatchTarget(),
        new RequestTargetTarget(),
        new AddressTarget(),
        new HealthMessageTarget(),
    ];

    public static IFuzzTarget Named(string name) => All.Single(t => t.Name == name);
}
