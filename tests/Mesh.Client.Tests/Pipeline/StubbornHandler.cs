namespace Mesh.Client.Tests.Pipeline;

/// <summary>A transport that heeds no cancellation and answers when the test says.</summary>
internal sealed class StubbornHandler : HttpMessageHandler
{
    private int _calls;

    public TaskCompletionSource<HttpResponseMessage> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int Calls => Volatile.Read(ref _calls);

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _calls);
        return Answer.Task;
    }
}
