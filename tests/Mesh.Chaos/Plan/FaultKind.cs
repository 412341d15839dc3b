namespace Mesh.Chaos.Plan;

/// <summary>All that is done to the fleet.</summary>
internal enum FaultKind
{
    /// <summary>An instance is killed, and started again.</summary>
    Kill,

    /// <summary>An instance is stopped (SIGSTOP), and goes on.</summary>
    Stop,

    /// <summary>An instance is restarted as an orchestrator does it.</summary>
    Restart,

    /// <summary>An instance cannot be reached.</summary>
    Partition,

    /// <summary>An instance answers late.</summary>
    Slow,

    /// <summary>An instance does what it was asked for and answers with an error.</summary>
    Error,

    /// <summary>An instance's connections break in the middle.</summary>
    Broken,

    /// <summary>No instance can be reached.</summary>
    Blackout,

    /// <summary>One of the processes does not reach Consul.</summary>
    ConsulPartition,

    /// <summary>Consul hangs.</summary>
    ConsulStop,

    /// <summary>Consul loses all that it knows.</summary>
    Wipe,

    /// <summary>One of the processes does not reach Redis.</summary>
    RedisPartition,

    /// <summary>Redis hangs.</summary>
    RedisStop,

    /// <summary>Redis is killed and loses all that it knows.</summary>
    RedisKill,

    /// <summary>A policy document in Consul turns bad.</summary>
    BadPolicy,

    /// <summary>The configuration file of the client or of the agent turns bad.</summary>
    BadReload,
}
