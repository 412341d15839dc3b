namespace Mesh.Client.Limits.Limiters;

/// <summary>One who waits for a rate limit.</summary>
internal sealed class RateWaiter(int permits)
{
    public int Permits { get; } = permits;

    /// <summary>What it takes up of the queue.</summary>
    public int Weight { get; } = Math.Max(1, permits);

    /// <summary>Its place in the queue, under the queue's lock; <see langword="null"/> once it has left.</summary>
    public LinkedListNode<RateWaiter>? Node { get; set; }

    public TaskCompletionSource<bool> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
