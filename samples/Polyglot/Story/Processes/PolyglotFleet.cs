using System.Reflection;
using Shop.Story.Processes;

namespace Polyglot.Story.Processes;

/// <summary>The programs and their agents.</summary>
internal sealed class PolyglotFleet(RunFolder folder, ConsulAgent consul, Runtimes runtimes, Queue<int> ports) : IAsyncDisposable
{
    private readonly Dictionary<string, Instance> _instances = [];
    private Child? _customers;

    /// <summary>The names of all instances, such as <c>orders-1</c>.</summary>
    public IReadOnlyCollection<string> Names => _instances.Keys;

    /// <summary>What the customers know as their HTTP proxy.</summary>
    public Uri CustomersProxy { get; } = new($"http://127.0.0.1:{ports.Dequeue()}");

    public Instance this[string name] => _instances[name];

    /// <summary>Starts the agent of the customers.</summary>
    public void StartCustomers() => _customers = StartAgent("customers", CustomersProxy, program: null);

    /// <summary>Starts an instance. The second of a service is a new version.</summary>
    public void Start(string name)
    {
        var program = new Uri($"http://127.0.0.1:{ports.Dequeue()}");
        var proxy = new Uri($"http://127.0.0.1:{ports.Dequeue()}");
        _instances.Add(name, new Instance(() => StartProgram(name, program, proxy), () => StartAgent(name, proxy, program)));
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_instances.Values.Select(instance => instance.DisposeAsync().AsTask()));
        if (_customers is not null)
        {
            await _customers.DisposeAsync();
        }
    }

    private static string ServiceOf(string name) => name.Split('-')[0];

    private static string Place(string key) => typeof(PolyglotFleet).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value!;

    // All that it is told: who it is, where to listen, and that there is a proxy.
    private Child StartProgram(string name, Uri place, Uri proxy)
    {
        string service = ServiceOf(name);
        string where = Path.Combine(Place("programs"), service);
        (string runtime, string file) = service == "orders" ? (runtimes.Python, "orders.py") : (runtimes.Node, $"{service}.js");
        return new Child(runtime, [file], where, $"{folder.Path}/{name}.log", ("name", name), ("port", $"{place.Port}"), ("http_proxy", proxy.OriginalString), ("no_proxy", ""));
    }

    // On machines of their own, all instances of a service would have the same file: what differs here is where things are, and the version.
    private Child StartAgent(string name, Uri outbound, Uri? program)
    {
        string text = File.ReadAllText(Path.Combine(Place("programs"), ServiceOf(name), "agent.json"))
            .Replace("http://127.0.0.1:15001", outbound.OriginalString, StringComparison.Ordinal)
            .Replace("http://127.0.0.1:9000", program?.OriginalString, StringComparison.Ordinal)
            .Replace("http://127.0.0.1:8500", consul.Address, StringComparison.Ordinal)
            .Replace("\"v1\" }, \"Registration\"", name.EndsWith("-2", StringComparison.Ordinal) ? "\"v2\" }, \"Registration\"" : "\"v1\" }, \"Registration\"", StringComparison.Ordinal);
        string file = $"{folder.Path}/{name}.agent.json";
        File.WriteAllText(file, text);
        return new Child("dotnet", ["exec", Place("agent"), "run", "--config", file], folder.Path, $"{folder.Path}/{name}.agent.log", ("Agent__Admin", ""), ("Mesh__Local__Instance", name));
    }
}
