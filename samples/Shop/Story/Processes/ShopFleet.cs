using System.Reflection;

namespace Shop.Story.Processes;

/// <summary>The instances of the three services, each a process.</summary>
internal sealed class ShopFleet(RunFolder folder, ConsulAgent consul) : IAsyncDisposable
{
    private readonly Dictionary<string, Child> _instances = [];

    /// <summary>The names of all, such as <c>orders-1</c>.</summary>
    public IReadOnlyCollection<string> Names => _instances.Keys;

    public Child this[string name] => _instances[name];

    /// <summary>Starts <c>service-1</c>, <c>service-2</c> and so on.</summary>
    public void Start(string service, int count)
    {
        for (int i = 0; i < count; i++)
        {
            StartOneMore(service);
        }
    }

    /// <summary>Starts one under the next name of its service.</summary>
    public string StartOneMore(string service)
    {
        string name = $"{service}-{_instances.Keys.Count(n => ServiceOf(n) == service) + 1}";
        _instances.Add(name, Launch(name));
        return name;
    }

    /// <summary>Starts an instance that has ended, under its old name.</summary>
    public async Task StartAgainAsync(string name)
    {
        await _instances[name].DisposeAsync();
        _instances[name] = Launch(name);
    }

    public async ValueTask DisposeAsync() => await Task.WhenAll(_instances.Values.Select(instance => instance.DisposeAsync().AsTask()));

    private static string ServiceOf(string name) => name[..name.LastIndexOf('-')];

    // Where it listens is the system's choice; the registry is told.
    private Child Launch(string name)
    {
        string service = ServiceOf(name);
        string dll = typeof(ShopFleet).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == service).Value!;
        string[] arguments = ["exec", dll, "--urls", "http://127.0.0.1:0", "--Mesh:Local:Instance", name, "--Mesh:Consul:Address", consul.Address];
        return new Child("dotnet", arguments, Path.GetDirectoryName(dll)!, $"{folder.Path}/{name}.log");
    }
}
