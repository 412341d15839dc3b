using System.ComponentModel.DataAnnotations;
using Mesh.Client.Options;

namespace Mesh.Client.Redis;

/// <summary>How to reach the Redis that keeps the fleet's quotas: the section <c>Redis</c> under <c>Mesh</c>.</summary>
public sealed class RedisOptions
{
    /// <summary>
    /// The servers and settings as StackExchange.Redis writes them: <c>localhost:6379,password=…,ssl=true</c>. Read once, when the connection is made. Whatever it says of <c>abortConnect</c>,
    /// the connection is made in the background and made again. Without use where the application gives a multiplexer of its own.
    /// </summary>
    /// <value>Default localhost:6379.</value>
    public string Configuration { get; set; } = "localhost:6379";

    /// <summary>What the names of all keys begin with. Fleets with the same prefix on the same Redis share the quotas of the same name.</summary>
    /// <value>Default mesh:quota:.</value>
    public string KeyPrefix { get; set; } = "mesh:quota:";

    /// <summary>The number of the database; -1 is the one of <see cref="Configuration"/>.</summary>
    /// <value>Default -1; from -1 to 1000000.</value>
    [Range(-1, 1_000_000)]
    public int Database { get; set; } = -1;

    /// <summary>How long Redis may leave every command unanswered before a connection of the mesh's own is given up and made anew. The network may have dropped it without a word.</summary>
    /// <value>Default 00:00:15; from 00:00:02 to 00:10:00.</value>
    [DurationRange("00:00:02", "00:10:00")]
    public TimeSpan SilenceTimeout { get; set; } = TimeSpan.FromSeconds(15);
}
