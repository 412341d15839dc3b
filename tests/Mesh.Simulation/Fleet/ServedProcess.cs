using System.Net;
using Mesh.Client.AspNetCore.Receiving;
using Mesh.Client.Inbound;
using Mesh.Client.Retries;
using Mesh.Simulation.Network;
using Mesh.Simulation.Virtual;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Mesh.Simulation.Fleet;

/// <summary>A process behind <c>UseMesh()</c>: the whole receiving side, in front of an application and without a web server.</summary>
internal sealed class ServedProcess : Site
{
    private static readonly IPAddress s_loopback = IPAddress.Loopback;

    private readonly MeshMiddleware _middleware;
    private readonly bool _hasMarks;

    /// <summary>Makes it.</summary>
    /// <param name="world">Its world.</param>
    /// <param name="host">Its address.</param>
    /// <param name="process">Its mesh.</param>
    /// <param name="hasMarks">Whether its replies keep the count of attempts.</param>
    /// <param name="application">What it does with a request: gives the status.</param>
    public ServedProcess(World world, string host, ClientProcess process, bool hasMarks, Func<CancellationToken, Task<int>> application)
        : base(world, host)
    {
        _hasMarks = hasMarks;
        process.Provider.GetRequiredService<InboundContext>().Serve();
        _middleware = new MeshMiddleware(async context => context.Response.StatusCode = await application(context.RequestAborted).ConfigureAwait(false), new MeshReceiver(process.Provider));
    }

    protected override void Serve(Exchange request) => _ = ServeAsync(request);

    private async Task ServeAsync(Exchange exchange)
    {
        var context = new DefaultHttpContext { RequestAborted = exchange.Aborted };
        var response = new SimulatedResponse();
        context.Features.Set<IHttpResponseFeature>(response);
        context.Connection.RemoteIpAddress = s_loopback;
        context.Request.Method = "GET";
        foreach ((string name, System.Net.Http.Headers.HeaderStringValues values) in exchange.Request!.Headers.NonValidated)
        {
            context.Request.Headers[name] = values.ToString();
        }

        await _middleware.InvokeAsync(context).ConfigureAwait(false);
        await response.StartAsync().ConfigureAwait(false);
        HttpResponseMessage answer = exchange.Answer(context.Response.StatusCode);
        foreach ((string name, Microsoft.Extensions.Primitives.StringValues values) in context.Response.Headers)
        {
            if (!_hasMarks && name == RetryRules.AttemptCountHeader)
            {
                continue;
            }

            answer.Headers.TryAddWithoutValidation(name, (string?)values);
        }
    }
}
