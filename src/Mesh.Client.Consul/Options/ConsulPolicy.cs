namespace Mesh.Client.Consul;

/// <summary>What <see cref="ConsulOptions"/> compile to.</summary>
internal sealed record ConsulPolicy
{
    public Uri Address { get; init; } = new("http://127.0.0.1:8500");

    public string Token { get; init; } = "";

    public string Datacenter { get; init; } = "";

    public TimeSpan WaitTime { get; init; } = TimeSpan.FromMinutes(1);

    public bool IncludeWarning { get; init; }

    public bool StaleReads { get; init; } = true;

    public int MaxConnections { get; init; } = 64;

    public string ZoneKey { get; init; } = "zone";

    public string RegionKey { get; init; } = "region";

    public string SchemeKey { get; init; } = "scheme";

    /// <summary>With a slash at its end; empty where there are no policies.</summary>
    public string PolicyPrefix { get; init; } = "mesh/policies/";

    public Action<SocketsHttpHandler>? ConfigureHandler { get; init; }

    // A lambda that captures something is a new delegate at every reload, and it is used at the start only.
    public bool Equals(ConsulPolicy? other) =>
        other is not null
        && (Address, Token, Datacenter, WaitTime, IncludeWarning, StaleReads, MaxConnections) == (other.Address, other.Token, other.Datacenter, other.WaitTime, other.IncludeWarning, other.StaleReads, other.MaxConnections)
        && (ZoneKey, RegionKey, SchemeKey, PolicyPrefix) == (other.ZoneKey, other.RegionKey, other.SchemeKey, other.PolicyPrefix);

    public override int GetHashCode() => HashCode.Combine(Address, Token, Datacenter, WaitTime);
}
