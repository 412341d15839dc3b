namespace Mesh.Client.Options;

/// <summary>Where endpoints come from, and how long doubtful answers are held: the section <c>Discovery</c>.</summary>
public sealed class DiscoveryOptions
{
    /// <summary>The names of the sources, in the order in which they are asked. Without names, the sources added in code, then <c>Configuration</c>, then <c>Dns</c>.</summary>
    public IList<string> Sources { get; set; } = [];

    /// <summary>How long an empty answer after a good one is kept out, and a configuration from which a whole source has vanished.</summary>
    /// <value>Default 00:00:30; from 00:00:00 to 1.00:00:00.</value>
    [DurationRange("00:00:00", "1.00:00:00")]
    public TimeSpan EmptyGrace { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the first call to a service waits for its endpoints.</summary>
    /// <value>Default 00:00:05; from 00:00:00.001 to 00:10:00.</value>
    [DurationRange("00:00:00.001", "00:10:00")]
    public TimeSpan FirstResolveTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How often the source <c>Dns</c> resolves a name again.</summary>
    /// <value>Default 00:00:15; from 00:00:00.100 to 1.00:00:00.</value>
    [DurationRange("00:00:00.100", "1.00:00:00")]
    public TimeSpan DnsRefresh { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// Where endpoints came from the folder of the cache, the sources are asked within this time, at a random moment, so that many processes that start at once do not all ask
    /// at once. A call never waits for it.
    /// </summary>
    /// <value>Default 00:00:01; from 00:00:00 to 00:01:00.</value>
    [DurationRange("00:00:00", "00:01:00")]
    public TimeSpan FirstResolveSpread { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The folder where the last good answers of the sources are kept, so that calls are served though every source is down at the start. Empty keeps nothing.
    /// </summary>
    /// <value>Default: <c>mesh-client</c> and the application's name, under the user's folder for local application data.</value>
    public string? CacheDirectory { get; set; }
}
