using System.Reflection;
using Mesh.Client.Model;
using Mesh.Client.Options;

namespace Mesh.Client.Tests.Options.Routes;

/// <summary>Routes that code makes are held to the rules of those that are read, nulls included.</summary>
public sealed class RouteCodeTests
{
    public static TheoryData<string> Nulls
    {
        get
        {
            var nulls = new TheoryData<string>();
            Walk(new RouteRuleOptions(), "", (path, _) => nulls.Add(path));
            return nulls;
        }
    }

    [Theory]
    [MemberData(nameof(Nulls))]
    public void Start_CodeSetsNull_NamesThePropertyAndTheRemedy(string path)
    {
        RouteRuleOptions route = Full(responds: path.StartsWith(nameof(RouteRuleOptions.Respond) + ':', StringComparison.Ordinal));
        Walk(route, "", (p, clear) =>
        {
            if (p == path)
            {
                clear();
            }
        });

        string error = Assert.Single(Errors(route));

        Assert.Contains($"Routes:0:{path} is n", error, StringComparison.Ordinal);
        Assert.Contains("; ", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Start_CodeSetsListsOfNulls_NamesEach()
    {
        string[] errors = Errors(new RouteRuleOptions
        {
            Split = [null!, new SplitOptions { Labels = null!, Service = null! }],
            RateLimits = [null!],
            Match = { Methods = [null!], Callers = [null!], Headers = { ["x"] = null! }, Query = { ["y"] = null! } },
            Retry = { On = [null!] },
            RequestHeaders = { Remove = [null!], Set = { ["z"] = null! } },
        });

        Assert.Equal(11, errors.Distinct().Count());
        Assert.All((string[])["Split:0 is null", "Split:1:Labels is null", "Split:1:Service is null", "RateLimits:0 is null", "Match:Methods", "Match:Callers", "Match:Headers:x is null", "Match:Query:y is null", "Retry:On", "RequestHeaders:Remove", "RequestHeaders:Set:z"], part => Assert.Contains(errors, e => e.Contains($"Routes:0:{part}", StringComparison.Ordinal)));
    }

    [Fact]
    public void Start_CodeSetsNullRoutes_IsRefused()
    {
        Assert.Contains("Routes is null; give it an empty list instead", Assert.Single(Errors(static o => o.Routes = null!)), StringComparison.Ordinal);
        Assert.Contains("Routes:0 is null; remove it", Assert.Single(Errors(static o => o.Routes = [null!])), StringComparison.Ordinal);
    }

    [Fact]
    public void Start_CodeSetsNullLanesOrSubsets_IsRefused()
    {
        string[] errors = Errors(static o =>
        {
            o.Lanes.Label = null!;
            o.Lanes.Strict = null!;
            o.Subsets.Default = null!;
            o.Subsets.Fallback = (SubsetFallback)9;
        });

        Assert.Equal(4, errors.Length);
    }

    [Fact]
    public void Start_CodeSetsLimitsOutOfRange_IsRefused() => Assert.Collection(
        Errors(new RouteRuleOptions { RateLimits = [new RateLimitOptions { Permits = 1, Key = "user" }], Concurrency = { Limit = -1 } }),
        static e => Assert.Contains("Routes:0:RateLimits:0:Key = \"user\" is no key of a limit", e, StringComparison.Ordinal),
        static e => Assert.Contains("Routes:0:Concurrency:Limit", e, StringComparison.Ordinal));

    private static string[] Errors(RouteRuleOptions route) => Errors(o => o.Routes = [route]);

    private static string[] Errors(Action<ServiceOptions> configure)
    {
        using var fixture = new ConfigurationFixture();
        fixture.Setup.ConfigureServices.Add(new("orders", configure));
        return fixture.Errors();
    }

    // A route of which everything that may be null is there.
    private static RouteRuleOptions Full(bool responds) => new()
    {
        Match = { Prefix = "/a" },
        Respond = responds ? new DirectResponseOptions() : null,
        Redirect = responds ? null : new RedirectOptions { Path = "/b" },
        Mirror = new MirrorOptions(),
        Fault = new FaultOptions(),
    };

    // Every property that is not nullable and of a type that could be null, and those of the sections beneath.
    private static void Walk(object options, string path, Action<string, Action> onText)
    {
        var context = new NullabilityInfoContext();
        foreach (PropertyInfo property in options.GetType().GetProperties().Where(static p => !p.PropertyType.IsValueType))
        {
            string name = path + property.Name;
            if (property.SetMethod is { IsPublic: true } && context.Create(property).WriteState is NullabilityState.NotNull)
            {
                onText(name, () => property.SetValue(options, null));
            }
            else if (property.PropertyType.Namespace == typeof(RouteRuleOptions).Namespace)
            {
                Walk(property.GetValue(options) ?? Activator.CreateInstance(property.PropertyType)!, $"{name}:", onText);
            }
        }
    }
}
