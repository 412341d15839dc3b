using System.Net;
using Mesh.Client.Options.Checking;

namespace Mesh.Agent.Options;

/// <summary>A host, all hosts beneath a name (<c>*.example.com</c>), or all there are (<c>*</c>).</summary>
/// <param name="Text">In lower case.</param>
internal sealed record HostPattern(string Text)
{
    /// <summary>Reads a pattern.</summary>
    /// <returns>What is wrong with it and the remedy; <see langword="null"/> where nothing is.</returns>
    public static string? Parse(string text, out string value)
    {
        value = text.Trim().ToLowerInvariant();
        string name = value.StartsWith("*.", StringComparison.Ordinal) ? value[2..] : value;
        return value == "*" || HostName.IsValid(name) || (name.Length == value.Length && IPAddress.TryParse(name, out _))
            ? null
            : "is no host; write a name such as \"api.example.com\", \"*.example.com\" for all beneath one, or \"*\" for all, without scheme and port";
    }

    /// <summary>Whether a host, in lower case, is meant.</summary>
    public bool Includes(string host) =>
        Text == "*" || (Text[0] == '*' ? host.Length > Text.Length - 1 && host.EndsWith(Text.AsSpan(1), StringComparison.Ordinal) : host == Text);
}
