namespace Mesh.Client.Consul.Tests.Fakes;

/// <summary>A question that the scripted Consul was asked.</summary>
internal sealed record Asked(Uri Uri, TimeSpan At, string? Token)
{
    public string Path => Uri.AbsolutePath;

    public bool IsStale => Uri.Query.Contains("stale", StringComparison.Ordinal);

    public string? this[string key] => Uri.Query.TrimStart('?').Split('&').Select(static p => p.Split('=')).FirstOrDefault(p => p[0] == key) is [_, var value] ? value : null;
}
