using System.Runtime.CompilerServices;
using Mesh.Client.Discovery;
using Mesh.Client.Model;

namespace Mesh.Client.Tests;

/// <summary>A registry that takes the question and never answers.</summary>
internal sealed class SilentSource : IEndpointSource
{
    public string Name => "Silent";

    public async IAsyncEnumerable<EndpointUpdate> WatchAsync(string serviceName, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        yield break;
    }
}
