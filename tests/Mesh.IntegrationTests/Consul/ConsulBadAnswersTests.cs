using System.Globalization;
using System.Text;
using Mesh.IntegrationTests.Wire;
using Mesh.IntegrationTests.Wire.Servers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Mesh.IntegrationTests.Consul;

/// <summary>A registry that answers in every wrong way, over real connections: calls go on, nothing crashes, memory and logs stay bounded.</summary>
[Collection(typeof(OnTheWire))]
public sealed class ConsulBadAnswersTests(ITestOutputHelper output)
{
    private const long MaxGrowth = 200L * 1024 * 1024;

    private static readonly TimeSpan s_time = TimeSpan.FromSeconds(Environment.GetEnvironmentVariable("MESH_LONG") == "1" ? 30 : 1.5);

    [Theory]
    [InlineData("500")]
    [InlineData("403")]
    [InlineData("truncated")]
    [InlineData("100 MB")]
    [InlineData("100 MB of items")]
    [InlineData("wrong types")]
    [InlineData("null fields")]
    [InlineData("endless")]
    [InlineData("slow drip")]
    [InlineData("reset")]
    [InlineData("long headers")]
    public async Task Calls_RegistryAnswersWrongly_DoNotFail(string fault)
    {
        await using RealServer orders = await RealServer.StartAsync(static context => context.Response.WriteAsync("ok"));
        bool isBad = false;
        int asked = 0;
        int goodIndex = 10;
        using var ended = new CancellationTokenSource();
        await using RealServer registry = await RealServer.StartAsync(async context =>
        {
            context.Response.ContentType = "application/json";
            context.Response.Headers["X-Consul-Index"] = goodIndex.ToString(CultureInfo.InvariantCulture);
            if (Volatile.Read(ref isBad) && context.Request.Path.StartsWithSegments("/v1/health", StringComparison.Ordinal))
            {
                Interlocked.Increment(ref asked);
                await AnswerWronglyAsync(context, fault, ended.Token);
            }
            else if (context.Request.Path.StartsWithSegments("/v1/status", StringComparison.Ordinal))
            {
                await context.Response.WriteAsync("\"127.0.0.1:8300\"");
            }
            else
            {
                await context.Response.WriteAsync($$"""[{"Node":{"Node":"n","Address":"127.0.0.1"},"Service":{"ID":"o","Port":{{orders.Endpoint.Port}}},"Checks":[]}]""");
            }
        });
        var log = new CountingLog();
        using var mesh = new ConsulMesh($"http://{registry.Endpoint.Authority}", static options => options.WaitTime = TimeSpan.FromSeconds(1), builder => builder.Services.AddLogging(l => l.AddProvider(log)));
        Assert.Equal("ok", await mesh.CallAsync("orders"));
        long memory = GC.GetTotalMemory(forceFullCollection: true);

        Volatile.Write(ref isBad, true);
        int calls = 0;
        long most = 0;
        for (long start = TimeProvider.System.GetTimestamp(); TimeProvider.System.GetElapsedTime(start) < s_time; calls++)
        {
            Assert.Equal("ok", await mesh.CallAsync("orders"));
            long more = GC.GetTotalMemory(forceFullCollection: false) - memory;

            // What is not collected yet is none of the registry's growth.
            most = Math.Max(most, more > MaxGrowth / 2 ? GC.GetTotalMemory(forceFullCollection: true) - memory : more);
            await Task.Delay(TimeSpan.FromMilliseconds(5), TestContext.Current.CancellationToken);
        }

        output.WriteLine($"{fault}: {calls} calls, none failed; asked {asked} times, {log.Lines} lines logged, memory at most {most / 1024 / 1024} MB more");
        await ended.CancelAsync();
        Assert.InRange(log.Lines, 0, 30);
        Assert.InRange(most, long.MinValue, MaxGrowth);
        Assert.InRange(asked, 1, 200);
    }

    private static async Task AnswerWronglyAsync(HttpContext context, string fault, CancellationToken ended)
    {
        HttpResponse response = context.Response;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, ended);
        try
        {
            switch (fault)
            {
                case "500" or "403":
                    response.StatusCode = int.Parse(fault, CultureInfo.InvariantCulture);
                    await response.WriteAsync("Permission denied or worse", end.Token);
                    break;
                case "truncated":
                    await response.WriteAsync("""[{"Node":{"Node":"n","Addr""", end.Token);
                    break;
                case "100 MB":
                    response.ContentLength = 100 * 1024 * 1024;
                    await FillAsync(response, " ", end.Token);
                    break;
                case "100 MB of items":
                    await response.WriteAsync("[{}", end.Token);
                    await FillAsync(response, ",{}", end.Token);
                    break;
                case "endless":
                    await response.WriteAsync("[", end.Token);
                    while (true)
                    {
                        await FillAsync(response, "[", end.Token);
                    }

                case "wrong types":
                    await response.WriteAsync("""[{"Node":7,"Service":[],"Checks":"none"}]""", end.Token);
                    break;
                case "null fields":
                    await response.WriteAsync("""[null,{"Node":null,"Service":null,"Checks":null},{"Service":{"ID":null,"Tags":[null],"Meta":{"a":null},"Weights":null}}]""", end.Token);
                    break;
                case "slow drip":
                    while (true)
                    {
                        await response.WriteAsync(" ", end.Token);
                        await response.Body.FlushAsync(end.Token);
                        await Task.Delay(TimeSpan.FromMilliseconds(100), end.Token);
                    }

                case "reset":
                    context.Features.Get<IHttpResetFeature>()?.Reset(1);
                    context.Abort();
                    break;
                case "long headers":
                    response.Headers["X-Long"] = new string('x', 100_000);
                    await response.WriteAsync("[]", end.Token);
                    break;
            }
        }
        catch (OperationCanceledException)
        {
            // The mesh gave it up.
        }
    }

    private static async Task FillAsync(HttpResponse response, string text, CancellationToken ended)
    {
        byte[] block = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(text, 64 * 1024 / text.Length)));
        for (int i = 0; i < 100 * 1024 * 1024 / block.Length; i++)
        {
            await response.Body.WriteAsync(block, ended);
        }
    }

    /// <summary>Counts what a production log would hold.</summary>
    private sealed class CountingLog : ILoggerProvider, ILogger
    {
        private int _lines;

        public int Lines => _lines;

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                Interlocked.Increment(ref _lines);
            }
        }

        public void Dispose()
        {
        }
    }
}
