using System.Runtime.CompilerServices;
using Mesh.Client.Discovery;
using Mesh.Client.Model;

namespace Mesh.Client.Tests.DependencyInjection;

/// <summary>A registry behind HTTP. It says that every service lives at 10.0.0.9:80.</summary>
internal sealed class CallingSource(HttpClient client) : IEndpointSource
{
    public string Name => "Calling";

    public async IAsyncEnumerable<EndpointUpdate> WatchAsync(string serviceName, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        (await client.GetAsync(new Uri($"http://registry/{serviceName}"), cancellationToken)).Dispose();
        yield return EndpointUpdate.Found(new EndpointSet([new MeshEndpoint("10.0.0.9", 80)]));
        await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
    }
}
