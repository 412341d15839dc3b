namespace Mesh.Client.Model;

/// <summary>A redirect without an endpoint. What is <see langword="null"/> is as in the request.</summary>
internal sealed record RedirectPolicy
{
    public string? Scheme { get; init; }

    public string? Host { get; init; }

    public int? Port { get; init; }

    public PathRewrite? Path { get; init; }

    public bool StripQuery { get; init; }

    public int Status { get; init; } = 301;
}
