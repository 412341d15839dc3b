using Mesh.Client.Options.Checking;
using Mesh.Client.Options.Tree;

namespace Mesh.Client.Options.Reading;

/// <summary>
/// The endpoints that .NET Aspire passes to a program: <c>services:{name}:{scheme}:{n}</c>, or <c>services:{name}:{endpoint's name}:{n}</c> with a
/// whole URI. Other programs have a section of that name too, so what does not look like an endpoint is no error.
/// </summary>
internal static class AspireEndpoints
{
    public const string Path = "services";

    private static readonly string[] s_schemes = ["https", "http"];

    /// <summary>Reads the section.</summary>
    /// <param name="tree">The section.</param>
    /// <param name="doubtful">Takes the values that are no addresses though their keys are schemes.</param>
    public static IReadOnlyDictionary<string, IList<EndpointOptions>> Read(ConfigTree tree, OptionErrors doubtful)
    {
        var services = new Dictionary<string, IList<EndpointOptions>>(StringComparer.OrdinalIgnoreCase);
        if (tree.Problem is not null)
        {
            doubtful.Add(Path, null, tree.Problem);
            return services;
        }

        foreach (ConfigNode service in tree.Root.Children)
        {
            if (HostName.ServiceProblem(service.Key) is null && Endpoints(service, doubtful) is { Count: > 0 } endpoints)
            {
                services.Add(service.Key, endpoints);
            }
        }

        return services;
    }

    private static List<EndpointOptions> Endpoints(ConfigNode service, OptionErrors doubtful)
    {
        List<EndpointOptions> endpoints = [];
        HashSet<(string, int)> seen = [];
        foreach (string scheme in s_schemes)
        {
            foreach (ConfigNode item in Items(service.Child(scheme)))
            {
                string address = item.Value!.Contains("://", StringComparison.Ordinal) ? item.Value : $"{scheme}://{item.Value}";
                if (EndpointAddress.Parse(address, out EndpointAddress parsed) is { } problem)
                {
                    doubtful.Add(item, problem);
                }
                else if (seen.Add((parsed.Host, parsed.Port)))
                {
                    endpoints.Add(new EndpointOptions { Address = address });
                }
            }
        }

        // A named endpoint may be for something else, such as management, so it counts only where there is none for calls.
        if (endpoints.Count > 0)
        {
            return endpoints;
        }

        foreach (ConfigNode item in service.Children.SelectMany(Items))
        {
            if (item.Value!.Contains("://", StringComparison.Ordinal)
                && EndpointAddress.Parse(item.Value, out EndpointAddress parsed) is null
                && seen.Add((parsed.Host, parsed.Port)))
            {
                endpoints.Add(new EndpointOptions { Address = item.Value });
            }
        }

        return endpoints;
    }

    private static IEnumerable<ConfigNode> Items(ConfigNode? list) =>
        (list?.Children ?? []).Where(static i => !i.HasChildren && !string.IsNullOrEmpty(i.Value) && i.Key.All(char.IsAsciiDigit))
            .OrderBy(static i => i.Key, Microsoft.Extensions.Configuration.ConfigurationKeyComparer.Instance);
}
