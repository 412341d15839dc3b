using Mesh.Client.Discovery;
using Mesh.Client.Model;
using Mesh.Client.Options;
using Mesh.Client.Tests.Options;
using Mesh.Client.Tests.Waiting;

namespace Mesh.Client.Tests.Discovery;

public sealed class ConfigurationEndpointSourceTests : IDisposable
{
    private const string First = "Mesh:Services:orders:Endpoints:0:Address";
    private const string Timeout = "Mesh:Services:orders:Timeout";

    private readonly MutableSource _settings = new((First, "http://10.0.0.1:80"));
    private readonly ConfigurationFixture _configuration;
    private readonly ConfigurationEndpointSource _source;

    public ConfigurationEndpointSourceTests()
    {
        _configuration = new ConfigurationFixture(_settings);
        MeshConfiguration started = _configuration.Start();
        _source = new ConfigurationEndpointSource(started);
    }

    [Fact]
    public async Task WatchAsync_ANamedService_GivesItsEndpoints()
    {
        await using IAsyncEnumerator<EndpointUpdate> watch = Watch("orders");

        Assert.True(await watch.MoveNextAsync());

        Assert.Equal(new MeshEndpoint("10.0.0.1", 80) { Scheme = "http" }, Assert.Single(Assert.IsType<EndpointsFound>(watch.Current).Set.Endpoints));
    }

    [Fact]
    public async Task WatchAsync_AnotherService_IsNotFound()
    {
        await using IAsyncEnumerator<EndpointUpdate> watch = Watch("payments");

        Assert.True(await watch.MoveNextAsync());

        Assert.Equal(EndpointUpdate.NotFound, watch.Current);
    }

    [Fact]
    public async Task WatchAsync_TheConfigurationChanges_SaysSoOnlyWhereTheEndpointsDid()
    {
        await using IAsyncEnumerator<EndpointUpdate> watch = Watch("orders");
        await watch.MoveNextAsync();
        Task<bool> next = watch.MoveNextAsync().AsTask();

        Change((First, "http://10.0.0.1:80"), (Timeout, "00:00:09"));
        await _configuration.Clock.SettleAsync();
        Assert.False(next.IsCompleted);
        Change((First, "http://10.0.0.2:80"), (Timeout, "00:00:09"));

        Assert.True(await next.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        Assert.Equal("10.0.0.2", Assert.Single(Assert.IsType<EndpointsFound>(watch.Current).Set.Endpoints).Host);
    }

    [Fact]
    public async Task WatchAsync_TheEndpointsAreTakenOut_IsNotFound()
    {
        await using IAsyncEnumerator<EndpointUpdate> watch = Watch("orders");
        await watch.MoveNextAsync();

        Change((Timeout, "00:00:09"));

        Assert.True(await watch.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        Assert.Equal(EndpointUpdate.NotFound, watch.Current);
    }

    public void Dispose() => _configuration.Dispose();

    private void Change(params (string Key, string? Value)[] settings)
    {
        _settings.Replace(settings);
        _configuration.Settle();
    }

    private IAsyncEnumerator<EndpointUpdate> Watch(string service) => _source.WatchAsync(service, TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
}
