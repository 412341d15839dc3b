using Mesh.Client.Model;

namespace Mesh.Client.Testing;

/// <summary>What the registry says of a service until the next answer; either an update or a failure.</summary>
internal sealed class RegistryAnswer(EndpointUpdate? update, Exception? failure)
{
    private readonly TaskCompletionSource _replaced = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public EndpointUpdate? Update => update;

    public Exception? Failure => failure;

    /// <summary>Ends when there is a newer answer.</summary>
    public Task Replaced => _replaced.Task;

    public void MarkReplaced() => _replaced.SetResult();
}
