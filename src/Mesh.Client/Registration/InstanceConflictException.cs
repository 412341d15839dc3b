namespace Mesh.Client.Registration;

/// <summary>Another live process has registered the same instance id.</summary>
public sealed class InstanceConflictException : InvalidOperationException
{
    /// <summary>Makes the error.</summary>
    /// <param name="instanceId">The id.</param>
    /// <param name="message">Who has it, and what to do.</param>
    public InstanceConflictException(string instanceId, string message)
        : base(message) => InstanceId = instanceId;

    /// <summary>The id that both processes want.</summary>
    public string InstanceId { get; }
}
