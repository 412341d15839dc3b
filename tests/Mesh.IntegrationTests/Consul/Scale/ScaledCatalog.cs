using System.Globalization;
using Mesh.IntegrationTests.Consul.Servers;

namespace Mesh.IntegrationTests.Consul.Scale;

/// <summary>A catalog of many services with two instances each, spread over nodes, one of which changes at a time in one of the ways in which services change.</summary>
internal sealed class ScaledCatalog(ConsulServer consul, int services, int nodes)
{
    private readonly Dictionary<int, SortedDictionary<int, int>> _weights = [];
    private int _changes;

    public static string Name(int service) => string.Create(CultureInfo.InvariantCulture, $"svc{service}");

    public static string Host(int service) => string.Create(CultureInfo.InvariantCulture, $"10.1.{service / 250}.{service % 250}");

    public async Task FillAsync()
    {
        for (int service = 0; service < services; service++)
        {
            _weights[service] = new SortedDictionary<int, int> { [1] = 1, [2] = 1 };
            await RegisterAsync(service, 1, 1, "passing");
            await RegisterAsync(service, 2, 1, "passing");
        }
    }

    /// <summary>What the mesh has to see of a service.</summary>
    public string State(int service) => string.Join(',', _weights[service].Select(static w => string.Create(CultureInfo.InvariantCulture, $"{w.Key}x{w.Value}")).Order(StringComparer.Ordinal));

    /// <summary>Changes one service.</summary>
    /// <returns>Which one, and in which way.</returns>
    public async Task<(int Service, string Kind)> ChangeAsync(Random random)
    {
        int service = random.Next(services);
        SortedDictionary<int, int> now = _weights[service];
        switch (_changes++ % 6)
        {
            case 0:
                now[1] = now.GetValueOrDefault(1) % 50 + 2;
                await RegisterAsync(service, 1, now[1], null);
                return (service, "weight");
            case 1 when now.ContainsKey(2):
                now.Remove(2);
                await CheckAsync(service, 2, "critical");
                return (service, "check fails");
            case 2 when !now.ContainsKey(3):
                now[3] = 1;
                await RegisterAsync(service, 3, 1, "passing");
                return (service, "instance with a check");
            case 3 when !now.ContainsKey(4):
                now[4] = 1;
                await RegisterAsync(service, 4, 1, null);
                return (service, "instance without a check");
            case 4 when now.ContainsKey(3) || now.ContainsKey(4):
                int last = now.Keys.Max();
                now.Remove(last);
                await consul.PutAsync("/v1/catalog/deregister", $$$"""{"Node":"{{{Node(service, last)}}}","ServiceID":"{{{Name(service)}}}-{{{last}}}"}""");
                return (service, "instance leaves");
            default:
                now[2] = now.GetValueOrDefault(2) % 50 + 3;
                await RegisterAsync(service, 2, now[2], "passing");
                return (service, "weight and check");
        }
    }

    private string Node(int service, int instance) => string.Create(CultureInfo.InvariantCulture, $"node{((service * 7) + instance) % nodes}");

    private Task CheckAsync(int service, int instance, string status)
    {
        string node = Node(service, instance);
        string id = $"{Name(service)}-{instance}";
        return consul.PutAsync("/v1/catalog/register", $$$"""{"Node":"{{{node}}}","Address":"127.0.0.1","SkipNodeUpdate":true,"Check":{"Node":"{{{node}}}","CheckID":"service:{{{id}}}","Name":"check","Status":"{{{status}}}","ServiceID":"{{{id}}}"}}""");
    }

    private async Task RegisterAsync(int service, int instance, int weight, string? status)
    {
        string node = Node(service, instance);
        string id = $"{Name(service)}-{instance}";
        string check = status is null ? "" : $$$""","Check":{"Node":"{{{node}}}","CheckID":"service:{{{id}}}","Name":"check","Status":"{{{status}}}","ServiceID":"{{{id}}}"}""";
        await consul.PutAsync(
            "/v1/catalog/register",
            $$$"""{"Node":"{{{node}}}","Address":"127.0.0.1","Service":{"ID":"{{{id}}}","Service":"{{{Name(service)}}}","Address":"{{{Host(service)}}}","Port":{{{instance}}},"Weights":{"Passing":{{{weight}}},"Warning":1}}{{{check}}}}""");
    }
}
