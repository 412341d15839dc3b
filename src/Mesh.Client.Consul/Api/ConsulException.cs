namespace Mesh.Client.Consul.Api;

/// <summary>Consul could not be asked, or its answer cannot be used.</summary>
internal sealed class ConsulException : IOException
{
    public ConsulException(string message, bool isOutage, Exception? innerException = null)
        : base(message, innerException) => IsOutage = isOutage;

    /// <summary>Whether Consul itself is ill (no connection, no answer in time, 5xx, 429), so that other questions would fare no better.</summary>
    public bool IsOutage { get; }

    /// <summary>The status of the answer; 0 where there was none.</summary>
    public int Status { get; init; }
}
