using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;

namespace Mesh.Benchmarks.Hop;

/// <summary>
/// YARP by itself, for <c>hop.sh</c>: <c>--yarp proxy|forwarder PORT DESTINATION…</c>. As a reverse proxy with a cluster of the destinations, or no more of it than its forwarder to the first.
/// </summary>
internal static class YarpProxy
{
    private const string Option = "--yarp";

    public static bool IsAskedFor(string[] args) => args is [Option, ..];

    public static int Run(string[] args)
    {
        int port = int.Parse(args[2], CultureInfo.InvariantCulture);
        string[] destinations = args[3..];
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseSockets(static sockets => sockets.UnsafePreferInlineScheduling = true).ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Listen(IPAddress.Loopback, port);
        });
        builder.Services.AddRoutingCore();
        if (args[1] == "forwarder")
        {
            builder.Services.AddHttpForwarder();
            RunForwarder(builder.Build(), destinations[0]);
            return 0;
        }

        builder.Services.AddReverseProxy().LoadFromMemory(
            [new RouteConfig { RouteId = "all", ClusterId = "orders", Match = new RouteMatch { Path = "/{**rest}" } }],
            [new ClusterConfig { ClusterId = "orders", LoadBalancingPolicy = "PowerOfTwoChoices", Destinations = destinations.ToDictionary(static d => d, static d => new DestinationConfig { Address = d }) }]);
        WebApplication proxy = builder.Build();
        proxy.MapReverseProxy();
        proxy.Run();
        return 0;
    }

    private static void RunForwarder(WebApplication app, string destination)
    {
        var forwarder = app.Services.GetRequiredService<IHttpForwarder>();
        using var handler = new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false, AutomaticDecompression = DecompressionMethods.None, ActivityHeadersPropagator = null };
        using var invoker = new HttpMessageInvoker(handler);
        app.Run(async context => await forwarder.SendAsync(context, destination, invoker));
        app.Run();
    }
}
