using System.Diagnostics.CodeAnalysis;
using Mesh.Client.Routing;

namespace Mesh.Fuzz.Targets.Paths;

/// <summary>A request as the input has it.</summary>
internal sealed class GivenFacts(string method, string path, string query, string header) : IRequestFacts
{
    public ReadOnlySpan<char> Method => method;

    public ReadOnlySpan<char> Path => path;

    public ReadOnlySpan<char> Query => query;

    public string? Caller => null;

    public string? Lane => null;

    public bool TryGetHeader(string name, [NotNullWhen(true)] out string? value)
    {
        value = name == "x" ? header : null;
        return value is not null;
    }
}
