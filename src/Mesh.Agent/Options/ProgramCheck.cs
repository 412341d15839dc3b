using Mesh.Client.Model;
using Mesh.Client.Options.Reading;

namespace Mesh.Agent.Options;

/// <summary>How a local program is asked whether it is well, in one word: <c>/healthz</c>, <c>grpc</c>, <c>grpc:inventory.v1.Inventory</c>, and <c>tcp</c> or nothing for a connection.</summary>
internal static class ProgramCheck
{
    private const string Grpc = "grpc";
    private const string Tcp = "tcp";

    /// <summary>Reads the word.</summary>
    /// <returns>What is wrong with it and the remedy; <see langword="null"/> where nothing is.</returns>
    public static string? Parse(string text, out string value)
    {
        value = text.Trim();
        return ServiceOf(value) is { } service ? ValueParsers.ProbeService(service, out _)
            : IsTcp(value) || ValueParsers.ProbePath(value, out _) is null ? null
            : "is no health check; write a path such as \"/healthz\", \"grpc\" or \"grpc:inventory.v1.Inventory\" for gRPC's own, or \"tcp\" for a connection";
    }

    /// <summary>What a word that is valid says.</summary>
    public static HealthCheckPolicy Compile(string word, HealthCheckPolicy times) => ServiceOf(word) is { } service
        ? times with { Type = HealthCheckType.Grpc, Path = service.Trim() }
        : IsTcp(word) ? times with { Type = HealthCheckType.Tcp, Path = "" }
        : times with { Type = HealthCheckType.Http, Path = word };

    private static bool IsTcp(string word) => word.Length == 0 || string.Equals(word, Tcp, StringComparison.OrdinalIgnoreCase);

    // A service with a name that begins so is written after the colon like every other.
    private static string? ServiceOf(string word) =>
        string.Equals(word, Grpc, StringComparison.OrdinalIgnoreCase) ? ""
        : word.StartsWith($"{Grpc}:", StringComparison.OrdinalIgnoreCase) ? word[(Grpc.Length + 1)..]
        : null;
}
