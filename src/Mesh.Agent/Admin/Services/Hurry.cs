namespace Mesh.Agent.Admin.Services;

/// <summary>Wakes one who waits, however often and on whatever thread it is called.</summary>
internal sealed class Hurry
{
    private TaskCompletionSource _next = New();

    /// <summary>What ends at the next <see cref="Now"/>.</summary>
    public Task Next()
    {
        TaskCompletionSource next = New();
        Volatile.Write(ref _next, next);
        return next.Task;
    }

    public void Now() => Volatile.Read(ref _next).TrySetResult();

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
