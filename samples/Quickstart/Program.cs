using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Quickstart;
using Quickstart.Client;
using Quickstart.Display;
using Quickstart.Measuring;
using Quickstart.Orders;
using Quickstart.Story;

Console.OutputEncoding = Encoding.UTF8;
CommandLine options = CommandLine.Parse(args);
if (options.ExitCode is { } exitCode)
{
    return exitCode;
}

// The instruments. They look on from outside; the client below would be the same without them.
var clock = new RunClock();
var calls = new CallLog(clock);
using var log = new MeshLog(clock);
using var dials = new DialLog(clock);

// The service: five instances on free ports of this machine. Each tells the registry that it is there.
var registry = new OrdersRegistry();
await using var orders = new OrdersFleet(registry, calls);
await orders.StartAsync(5);

// The client, as any program has it. AddMesh is all that is new, and its policy stands in appsettings.json.
using var policy = PolicyFile.Copy();
var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = policy.Folder });
builder.WebHost.UseUrls(options.Dashboard);
builder.Logging.ClearProviders().AddProvider(log);
builder.Services.AddMesh(builder.Configuration.GetSection("Mesh"), mesh => mesh.AddEndpointSource(registry));
builder.Services.AddHttpClient<OrdersClient>(http => http.BaseAddress = new Uri("http://orders"));
await using WebApplication host = builder.Build();
host.MapMesh("/mesh");
await host.StartAsync();
Console.WriteLine($"The dashboard, while this runs: {host.Urls.First()}/mesh/");

// What happens to the service, while nearly 500 calls a second go on.
IStep[] story =
[
    new Steady(),
    new KillOne("orders-2"),
    new SlowOneDown("orders-3"),
    new BreakOne("orders-4"),
    new HealOne("orders-4"),
    new AddTwo(),
    new ChangePolicy(slow: "orders-3"),
];

CancellationToken stopping = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
var scene = new Scene(clock, orders, calls, log, dials, policy, stopping);
try
{
    await using var screen = Screen.Open(scene);
    await using var traffic = Traffic.Start(host.Services.GetRequiredService<OrdersClient>(), calls);
    foreach (IStep step in story)
    {
        await scene.PlayAsync(step);
    }

    if (options.Stay)
    {
        Console.WriteLine($"The story is told; calls go on until Ctrl+C. The dashboard: {host.Urls.First()}/mesh/");
        await Task.Delay(Timeout.Infinite, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
catch (OperationCanceledException) when (stopping.IsCancellationRequested)
{
    Console.WriteLine("Stopped before the end, so nothing is claimed.");
    return 130;
}

var summary = new Summary(calls, clock.Now, [.. story.SelectMany(step => step.Judge(scene))]);
summary.Print();
if (options.JsonFile is { } file)
{
    summary.WriteJson(file);
}

return summary.AllHeld ? 0 : 1;
