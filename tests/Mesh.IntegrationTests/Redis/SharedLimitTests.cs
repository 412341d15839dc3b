using System.Net;
using Mesh.Client;
using Mesh.Client.Model;
using Mesh.Client.Options;
using Mesh.IntegrationTests.Redis.Servers;
using Mesh.IntegrationTests.Wire;
using Mesh.IntegrationTests.Wire.Servers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Mesh.IntegrationTests.Redis;

/// <summary>Two whole meshes whose calls share one limit in a real Redis.</summary>
[Collection(typeof(OnTheWire))]
public sealed class SharedLimitTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Calls_OfTwoMeshes_TakeTheirPermitsFromOneQuota()
    {
        await using RedisServer redis = await RedisServer.StartAsync();
        await using RealServer orders = await RealServer.StartAsync(static context => context.Response.WriteAsync("ok"));
        using HttpClient one = Client(redis.Address, orders.Endpoint);
        using HttpClient two = Client(redis.Address, orders.Endpoint);

        int[] passed = await Task.WhenAll(PassedAsync(one), PassedAsync(two));

        TestContext.Current.TestOutputHelper?.WriteLine($"{passed[0]} + {passed[1]} of 100");
        // Who comes first may have all of it: an idle process holds nothing back.
        Assert.InRange(passed.Sum(), 90, 100);
    }

    private static async Task<int> PassedAsync(HttpClient client)
    {
        int passed = 0;
        for (int i = 0; i < 300; i++)
        {
            try
            {
                using HttpResponseMessage response = await client.GetAsync(new Uri("http://orders/"), Token);
                passed += response.StatusCode == HttpStatusCode.OK ? 1 : 0;
            }
            catch (MeshException error) when (error.Error is MeshError.RateLimited)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(2), Token);
            }
        }

        return passed;
    }

    private static HttpClient Client(string redis, MeshEndpoint orders) => new(MeshHandlerFactory.Create(mesh => mesh
        .AddRedisQuota(redis)
        .ConfigureDiscovery(static discovery => discovery.CacheDirectory = "")
        .AddService("orders", service =>
        {
            service.Endpoints = [new EndpointOptions { Address = orders.ToString() }];
            service.RateLimits = [new RateLimitOptions { Name = "all", Permits = 100, Per = TimeSpan.FromHours(1), Store = LimitStore.Redis }];
        })));
}
