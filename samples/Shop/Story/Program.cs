using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Shop.Story;
using Shop.Story.Measuring;
using Shop.Story.Processes;
using Shop.Story.Steps;

// Shop.Story CONSUL [--short], where CONSUL is the program.
if (args is not [{ Length: > 0 } program, ..] || !File.Exists(program) || args[1..] is not ([] or ["--short"]))
{
    Console.Error.WriteLine("Run it with: bash samples/Shop/run.sh [--short]");
    return 2;
}

bool isShort = args.Length > 1;
var clock = new RunClock();
var calls = new CallLog(clock);
using var folder = new RunFolder("shop");

// The customer: an ordinary client in a mesh, who knows nothing but http://web.
int[] ports = FreePorts.Take(4);
await using var consul = new ConsulAgent(program, folder, ports);
var builder = Host.CreateEmptyApplicationBuilder(null);
builder.Services.AddMesh(mesh => mesh
    .AddConsul(options => options.Address = consul.Address)
    .ConfigureDiscovery(discovery =>
    {
        discovery.Sources = ["Consul"];
        discovery.CacheDirectory = "";
    }));
builder.Services.AddHttpClient<WebClient>(http => http.BaseAddress = new Uri("http://web"));
using IHost host = builder.Build();
await host.StartAsync();

IStep[] story =
[
    new FindAll(),
    new RollOne("orders-1"),
    new KillOne("inventory-2"),
    new ChangePolicy(),
    new LoseRegistry(),
];

CancellationToken stopping = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
await using var shop = new ShopFleet(folder, consul);
var scene = new Scene(clock, consul, shop, calls, TimeSpan.FromSeconds(isShort ? 2 : 5), stopping);
var claims = new List<Claim>();
try
{
    scene.Say("Consul and eight processes start");
    await consul.StartAsync(stopping);
    shop.Start("web", 2);
    shop.Start("orders", 3);
    shop.Start("inventory", 3);
    await scene.UntilAllAreListedAsync();

    // Some 100 pages a second, and as many calls to each service.
    WebClient web = host.Services.GetRequiredService<WebClient>();
    await using var traffic = new Traffic(customers: 12, TimeSpan.FromMilliseconds(90), (customer, page) => calls.TakeAsync(customer + (13 * page), () => web.GetAsync(customer + (13 * page))));
    foreach (IStep step in story)
    {
        scene.Say(step.Title);
        claims.AddRange(await step.PlayAsync(scene));
    }
}
catch (OperationCanceledException) when (stopping.IsCancellationRequested)
{
    Console.WriteLine("Stopped before the end, so nothing is claimed.");
    return 130;
}

CallWindow all = calls.Since(TimeSpan.Zero);
bool allHeld = Summary.Print(claims, (all.Count, "three calls"), all.Failed, all.FirstError, clock.Now);
if (!allHeld)
{
    folder.Keep();
}

return allHeld ? 0 : 1;
