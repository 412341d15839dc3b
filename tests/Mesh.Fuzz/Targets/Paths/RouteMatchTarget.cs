using System.Text;
using Mesh.Client.Model;
using Mesh.Client.Options;
using Mesh.Client.Routing;
using Mesh.Client.Testing;
using Mesh.Fuzz.Mutations;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Configuration;

namespace Mesh.Fuzz.Targets.Paths;

/// <summary>Routes of every kind over a request: method, path, query, header, a line each. The index beside a plain walk, our reading of the query beside that of ASP.NET.</summary>
internal sealed class RouteMatchTarget : IFuzzTarget
{
    private const string Routes = """
        { "Mesh": { "Services": { "orders": { "Routes": [
          { "Name": "exact", "Match": { "Exact": "/orders/1" } },
          { "Name": "prefix", "Match": { "Prefix": "/orders/v2" } },
          { "Name": "fold", "Match": { "Prefix": "/ORDERS/x", "IgnoreCase": true } },
          { "Name": "pattern", "Match": { "Path": "/a/*/b/**" } },
          { "Name": "folded-pattern", "Match": { "Path": "/Köln/**", "IgnoreCase": true } },
          { "Name": "regex", "Match": { "PathRegex": "/r/[0-9]+(/.*)?" } },
          { "Name": "number", "Match": { "Headers": { "x": { "Range": "1-5" } } } },
          { "Name": "header", "Match": { "Headers": { "x": { "Regex": "v[0-9]+" } } } },
          { "Name": "suffix", "Match": { "Headers": { "x": { "Suffix": "z" } } } },
          { "Name": "query", "Match": { "Query": { "q": "1" } } },
          { "Name": "query-contains", "Match": { "Query": { "q": { "Contains": "%" } } } },
          { "Name": "method", "Match": { "Methods": [ "PUT" ] } },
          { "Name": "lane", "Match": { "Lane": "*" } } ] } } } }
        """;

    private static readonly ValueList<RoutePolicy> s_routes = Compile();
    private static readonly RouteTable s_table = new(s_routes);

    public string Name => "route-match";

    public Grammar Grammar { get; } = new()
    {
        Tokens = ["/orders/1", "/orders/v2", "/Orders/X", "/a/1/b/2", "/K%C3%B6ln/", "/köln", "/r/12/", "?q=1", "q=1", "&", "q", "%71=1", "q=%31", "q=+", "=", "PUT", "v12", "3", "z", "\n", "%", "%25", "/%61/1/b", "K", "ſ"],
        MaxLength = 8 * 1024,
        BytesForEach = 400,
    };

    public int Run(byte[] input)
    {
        string[] lines = InputText.Lines(input, 4);
        var facts = new GivenFacts(lines[0], lines[1], lines[2], lines[3]);
        var random = new SeededRandom(1);
        RoutePolicy? found = s_table.Find(facts, random);
        RoutePolicy? plain = s_routes.Items.FirstOrDefault(r => RouteMatcher.FirstFailure(r.Match, facts, random, out _) is RouteCondition.None);
        FuzzFaultException.Unless(ReferenceEquals(found, plain), $"The index finds \"{found?.Name}\", a plain walk \"{plain?.Name}\".");
        SameQuery(lines[2]);
        return found is null ? 0 : AnswerKind.Of(found.Name);
    }

    // Lone surrogates cannot come from a request, and the two replace them at different places.
    private static void SameQuery(string query)
    {
        if (query.Any(char.IsSurrogate))
        {
            return;
        }

        bool isThere = Mesh.Client.Matching.QueryValues.TryFind(query, "q", out ReadOnlySpan<char> value);
        List<string> others = [];
        foreach (QueryStringEnumerable.EncodedNameValuePair pair in new QueryStringEnumerable(query))
        {
            if (pair.DecodeName().Span is "q")
            {
                others.Add(pair.DecodeValue().ToString());
            }
        }

        FuzzFaultException.Unless(isThere == others.Count > 0, $"The query {(isThere ? "has" : "has not")} the value here; ASP.NET says otherwise.");
        FuzzFaultException.Unless(!isThere || value.SequenceEqual(others[0]), $"It is \"{value}\" here and \"{(isThere ? others[0] : "")}\" to ASP.NET.");
    }

    private static ValueList<RoutePolicy> Compile()
    {
        IConfigurationRoot root = new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(Routes))).Build();
        using var configuration = new MeshConfiguration(new CodeOptions { Section = root.GetSection("Mesh"), Instance = "fuzz" }, root, ["Configuration", "Dns"], new ManualTimeProvider(), new Json.FaultLog());
        return configuration.Current.For("orders").Routes;
    }
}
