namespace Quickstart.Orders;

/// <summary>What is being done to an instance.</summary>
internal enum Condition
{
    /// <summary>Nothing.</summary>
    Healthy,

    /// <summary>It takes ten times as long.</summary>
    Slow,

    /// <summary>It answers 503.</summary>
    Broken,

    /// <summary>It crashed.</summary>
    Killed,
}
