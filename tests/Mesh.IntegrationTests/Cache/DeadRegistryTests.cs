using Mesh.Client;
using Mesh.Client.Discovery.Cache;
using Mesh.Client.Model;
using Mesh.Client.Testing;
using Mesh.Client.Tests.Waiting;
using Mesh.IntegrationTests.Wire;
using Mesh.IntegrationTests.Wire.Servers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Mesh.IntegrationTests.Cache;

/// <summary>A process starts while every source is down: real time, real connections, the real disk.</summary>
[Collection(typeof(OnTheWire))]
public sealed class DeadRegistryTests
{
    private static readonly TimeSpan s_bar = TimeSpan.FromMilliseconds(500);

    private static CancellationToken Ended => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("fails")]
    [InlineData("says nothing")]
    [InlineData("came back empty")]
    public async Task Get_WithEverySourceDownAtTheStart_IsServedWithinHalfASecond(string registry)
    {
        await using RealServer server = await RealServer.StartAsync(static context => context.Response.WriteAsync("ok"));
        using var folder = new TempFolder();
        var well = new InMemoryRegistry();
        well.Set("orders", server.Endpoint);
        using (HttpClient before = Start(well, folder.Path))
        {
            Assert.Equal("ok", await before.GetStringAsync("http://orders/", Ended));
            await Until.HoldsAsync(() => File.Exists(Path.Combine(folder.Path, CacheFileName.Of("orders"))));
        }

        var dead = new InMemoryRegistry();
        switch (registry)
        {
            case "fails":
                dead.Fail("orders", new IOException("the registry is down"));
                break;
            case "came back empty":
                dead.Set("orders", new EndpointSet([]));
                break;
        }

        long start = TimeProvider.System.GetTimestamp();
        using HttpClient after = registry == "says nothing" ? Start(new Mute(), folder.Path) : Start(dead, folder.Path);
        Assert.Equal("ok", await after.GetStringAsync("http://orders/", Ended));
        TimeSpan took = TimeProvider.System.GetElapsedTime(start);

        Assert.InRange(took, TimeSpan.Zero, s_bar);
        TestContext.Current.SendDiagnosticMessage($"served after {took.TotalMilliseconds:F0} ms");
        for (int i = 0; i < 20; i++)
        {
            Assert.Equal("ok", await after.GetStringAsync("http://orders/", Ended));
        }
    }

    private static HttpClient Start(Mesh.Client.Discovery.IEndpointSource source, string folder) => new(MeshHandlerFactory.Create(mesh =>
    {
        mesh.AddEndpointSource(source).AddService("orders").ConfigureDiscovery(discovery =>
        {
            discovery.CacheDirectory = folder;
            discovery.Sources = [source.Name];
        });
    }));

    /// <summary>A registry of the same name that takes the question and never answers.</summary>
    private sealed class Mute : Mesh.Client.Discovery.IEndpointSource
    {
        public string Name => "InMemory";

        public async IAsyncEnumerable<EndpointUpdate> WatchAsync(string serviceName, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            yield break;
        }
    }
}
