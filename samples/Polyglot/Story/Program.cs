using System.Runtime.InteropServices;
using Polyglot.Story.Measuring;
using Polyglot.Story.Processes;
using Polyglot.Story.Steps;
using Shop.Story;
using Shop.Story.Measuring;
using Shop.Story.Processes;
using Shop.Story.Steps;

// Polyglot.Story CONSUL NODE PYTHON [--short], where the first three are programs; that Node finds grpc-js.
if (args is not [{ Length: > 0 } program, { Length: > 0 } node, { Length: > 0 } python, ..] || !File.Exists(program) || args[3..] is not ([] or ["--short"]))
{
    Console.Error.WriteLine("Run it with: bash samples/Polyglot/run.sh [--short]");
    return 2;
}

bool isShort = args.Length > 3;
var clock = new RunClock();
var calls = new CallLog(clock);
using var folder = new RunFolder("polyglot");
using var stopped = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);

IStep[] story =
[
    new FindAll(),
    new SendTesters(),
    new SplitByWeight(),
    new AskTooMuch(),
    new KillProgram("stock-1"),
    new KillBoth("depot-1"),
];

var ports = new Queue<int>(FreePorts.Take(32));
await using var consul = new ConsulAgent(program, folder, [ports.Dequeue(), ports.Dequeue(), ports.Dequeue(), ports.Dequeue()]);
await using var fleet = new PolyglotFleet(folder, consul, new Runtimes(node, python), ports);
var scene = new Scene(clock, consul, fleet, calls, TimeSpan.FromSeconds(isShort ? 1.5 : 5), stopped.Token);
var claims = new List<Claim>();
try
{
    scene.Say("Consul, eight programs in Node and Python, an agent beside each, and the customers' own agent start");
    await consul.StartAsync(stopped.Token);
    fleet.StartCustomers();
    foreach (string name in new[] { "web-1", "web-2", "orders-1", "orders-2", "depot-1", "depot-2", "stock-1", "stock-2" })
    {
        fleet.Start(name);
    }

    if (!await scene.UntilAllAreListedAsync())
    {
        Console.WriteLine(" ✗ All programs were registered by their agents: not within 40 s");
        folder.Keep();
        return 1;
    }

    using var web = new Browser(fleet.CustomersProxy);

    // Some 24 pages a second. One of the customers tries what is new.
    await using var traffic = new Traffic(customers: 10, TimeSpan.FromMilliseconds(400), (customer, page) => calls.TakeAsync(customer == 1, () => web.GetAsync(customer + (10 * page), $"customer-{customer}", customer == 1)));
    foreach (IStep step in story)
    {
        scene.Say(step.Title);
        claims.AddRange(await step.PlayAsync(scene, web));
    }
}
catch (OperationCanceledException) when (stopped.IsCancellationRequested)
{
    Console.WriteLine("Stopped before the end, so nothing is claimed.");
    return 130;
}

CallWindow all = calls.Since(TimeSpan.Zero);
int whole = all.Pages.Count(p => p.Page!.IsOneTrace);
claims.Add(new Claim("One trace went through Node, Python, Node and gRPC", whole == all.Pages.Count && whole > 0, $"in {whole} of {all.Pages.Count} pages all four programs saw the customer's own"));
bool allHeld = Summary.Print(claims, (all.Count, "four calls"), all.Failed, all.FirstError, clock.Now);
if (!allHeld)
{
    folder.Keep();
}

return allHeld ? 0 : 1;

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stopped.Cancel();
}
