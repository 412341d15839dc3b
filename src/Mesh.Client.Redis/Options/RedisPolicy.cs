namespace Mesh.Client.Redis;

/// <summary>What <see cref="RedisOptions"/> compile to.</summary>
internal sealed record RedisPolicy
{
    public string Configuration { get; init; } = "localhost:6379";

    public string KeyPrefix { get; init; } = "mesh:quota:";

    public int Database { get; init; } = -1;

    public TimeSpan SilenceTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Without the configuration: it may hold a password.</summary>
    public override string ToString() => $"{nameof(RedisPolicy)} {KeyPrefix}";
}
