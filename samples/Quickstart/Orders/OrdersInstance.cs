using System.Text.Json;
using Mesh.Client.Model;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Quickstart.Orders;

/// <summary>One instance of the service: a real server on a port of its own.</summary>
internal sealed class OrdersInstance : IAsyncDisposable
{
    private static readonly TimeSpan s_work = TimeSpan.FromMilliseconds(40);

    private readonly WebApplication _server;
    private volatile Condition _condition;
    private int _inFlight;

    private OrdersInstance(string name)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        _server = builder.Build();
        _server.MapGet("/orders/{id:int}", AnswerAsync);
        Name = name;
    }

    public string Name { get; }

    /// <summary>Where it listens.</summary>
    public MeshEndpoint Endpoint => field ??= new MeshEndpoint("127.0.0.1", new Uri(_server.Urls.Single()).Port) { Id = Name };

    /// <summary>What is being done to it.</summary>
    public Condition Condition
    {
        get => _condition;
        set => _condition = value;
    }

    /// <summary>The requests that it is working on.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    public static async Task<OrdersInstance> StartAsync(string name)
    {
        var instance = new OrdersInstance(name);
        await instance._server.StartAsync();
        return instance;
    }

    /// <summary>Crashes it: the port closes, connections are cut in the middle of their requests, and nobody is told.</summary>
    public Task KillAsync()
    {
        Condition = Condition.Killed;
        return _server.Services.GetRequiredService<IServer>().StopAsync(new CancellationToken(canceled: true));
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task<IResult> AnswerAsync(int id)
    {
        Interlocked.Increment(ref _inFlight);
        try
        {
            await Task.Delay(Condition is Condition.Slow ? 10 * s_work : s_work);
            return Condition is Condition.Broken
                ? Results.StatusCode(StatusCodes.Status503ServiceUnavailable)
                : Results.Text(JsonSerializer.Serialize(new Order(id, Name)), "application/json");
        }
        finally
        {
            Interlocked.Decrement(ref _inFlight);
        }
    }
}
