using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Mesh.Client.Options;

namespace Mesh.Client.Tests.Options;

/// <summary>What the documentation says of an option's default and range is what the code does.</summary>
public sealed partial class OptionsDocsTests
{
    private static readonly Dictionary<Type, string> s_ofRoutes = new()
    {
        [typeof(RouteMatchOptions)] = nameof(RouteRuleOptions.Match),
        [typeof(RouteRetryOptions)] = nameof(RouteRuleOptions.Retry),
        [typeof(RouteHedgingOptions)] = nameof(RouteRuleOptions.Hedging),
        [typeof(RouteRewriteOptions)] = nameof(RouteRuleOptions.Rewrite),
        [typeof(DirectResponseOptions)] = nameof(RouteRuleOptions.Respond),
        [typeof(RedirectOptions)] = nameof(RouteRuleOptions.Redirect),
        [typeof(MirrorOptions)] = nameof(RouteRuleOptions.Mirror),
        [typeof(FaultOptions)] = nameof(RouteRuleOptions.Fault),
    };

    private static readonly Lazy<Dictionary<string, string?>> s_values = new(ReadValues);

    public static TheoryData<Type, string> AllProperties() => Properties(static _ => true);

    public static TheoryData<Type, string> RangedProperties() => Properties(static p => p.IsDefined(typeof(ValidationAttribute), inherit: false));

    [Theory]
    [MemberData(nameof(RangedProperties))]
    public void Value_RangedProperty_SaysDefaultAndRange(Type type, string property)
    {
        Match words = RangeWords().Match(s_values.Value[$"P:{type.FullName}.{property}"] ?? "");

        Assert.True(words.Success, $"{type.Name}.{property} has the <value> \"{s_values.Value[$"P:{type.FullName}.{property}"]}\".");
        (object minimum, object maximum) = RangeOf(type.GetProperty(property)!);
        object? standard = type.GetProperty(property)!.GetValue(Activator.CreateInstance(type));
        Assert.Equal(standard, words.Groups["default"].Value is "" ? null : Parse(words.Groups["default"].Value, minimum.GetType()));
        Assert.Equal(minimum, Parse(words.Groups["min"].Value, minimum.GetType()));
        Assert.Equal(maximum, Parse(words.Groups["max"].Value, minimum.GetType()));
    }

    [Theory]
    [MemberData(nameof(AllProperties))]
    public void Value_PlainProperty_SaysDefault(Type type, string property)
    {
        PropertyInfo info = type.GetProperty(property)!;
        object? standard = info.GetValue(Activator.CreateInstance(type));
        if (standard is bool or Enum or string { Length: > 0 })
        {
            string text = standard is bool flag ? (flag ? "true" : "false") : standard.ToString()!;
            Assert.Equal($"Default {text}.", s_values.Value[$"P:{type.FullName}.{property}"]);
        }
        else if (standard is TimeSpan or int or double)
        {
            Assert.True(info.IsDefined(typeof(ValidationAttribute)), $"{type.Name}.{property} has no range.");
        }
    }

    [Theory]
    [MemberData(nameof(RangedProperties))]
    public void Range_EndsInConfiguration_AreAcceptedAndBeyondThemIsNot(Type type, string property)
    {
        (object minimum, object maximum) = RangeOf(type.GetProperty(property)!);
        (string below, string above) = minimum is TimeSpan
            ? (Text((TimeSpan)minimum - TimeSpan.FromTicks(1)), Text((TimeSpan)maximum + TimeSpan.FromTicks(1)))
            : minimum is int ? (Text((int)minimum - 1), Text((int)maximum + 1)) : (Text((double)minimum - 0.001), Text((double)maximum + 0.001));

        Assert.Empty(RangeErrors(type, property, Text(minimum)));
        Assert.Empty(RangeErrors(type, property, Text(maximum)));
        Assert.Single(RangeErrors(type, property, below));
        Assert.Single(RangeErrors(type, property, above));
    }

    private static string[] RangeErrors(Type type, string property, string value)
    {
        string key = type.Name switch
        {
            nameof(DiscoveryOptions) => $"Discovery:{property}",
            nameof(ServiceOptions) => $"Services:orders:{property}",
            nameof(LocalityOptions) => $"Services:orders:LoadBalancing:Locality:{property}",
            nameof(RateLimitOptions) => $"Services:orders:RateLimits:0:{property}",
            nameof(ServerOptions) => $"Server:{property}",
            nameof(AccessLogOptions) => $"AccessLog:{property}",
            nameof(FiguresOptions) => $"Figures:{property}",
            nameof(EndpointOptions) => $"Services:orders:Endpoints:0:{property}",
            nameof(RouteRuleOptions) => $"Services:orders:Routes:0:{property}",
            nameof(SplitOptions) => $"Services:orders:Routes:0:Split:0:{property}",
            _ when s_ofRoutes.TryGetValue(type, out string? part) => $"Services:orders:Routes:0:{part}:{property}",
            _ => $"Services:orders:{type.Name.Replace("Options", "", StringComparison.Ordinal)}:{property}",
        };
        (string, string?)[] entries = type == typeof(EndpointOptions) ? [(key, value), ("Services:orders:Endpoints:0:Address", "http://a:1")]
            : type == typeof(SplitOptions) ? [(key, value), ("Services:orders:Routes:0:Split:1:Weight", "1")]
            : type == typeof(RedirectOptions) ? [(key, value), ("Services:orders:Routes:0:Redirect:Host", "a")]
            : type == typeof(RateLimitOptions) ? [(key, value), ("Services:orders:RateLimits:0:Permits", "1")]
            : [(key, value)];
        using var fixture = new ConfigurationFixture(ConfigurationFixture.Source(entries));
        try
        {
            fixture.Start();
            return [];
        }
        catch (MeshOptionsException exception)
        {
            return [.. exception.Failures.Where(f => f.Contains("from", StringComparison.Ordinal) && f.Contains(property, StringComparison.Ordinal))];
        }
    }

    private static TheoryData<Type, string> Properties(Func<PropertyInfo, bool> filter)
    {
        var data = new TheoryData<Type, string>();
        foreach (Type type in typeof(MeshOptions).Assembly.GetExportedTypes().Where(static t => t.Namespace == "Mesh.Client.Options" && t.Name.EndsWith("Options", StringComparison.Ordinal)))
        {
            foreach (PropertyInfo property in type.GetProperties().Where(filter))
            {
                data.Add(type, property.Name);
            }
        }

        return data;
    }

    private static (object Minimum, object Maximum) RangeOf(PropertyInfo property) => property.GetCustomAttribute<ValidationAttribute>() switch
    {
        DurationRangeAttribute duration => (duration.Shortest, duration.Longest),
        RangeAttribute range => (range.Minimum, range.Maximum),
        _ => throw new InvalidOperationException($"{property.Name} has no range."),
    };

    private static object Parse(string text, Type type) =>
        type == typeof(TimeSpan) ? TimeSpan.ParseExact(text, "c", CultureInfo.InvariantCulture) : Convert.ChangeType(text, type, CultureInfo.InvariantCulture);

    private static string Text(object value) => value is TimeSpan duration ? duration.ToString("c", CultureInfo.InvariantCulture) : Convert.ToString(value, CultureInfo.InvariantCulture)!;

    private static Dictionary<string, string?> ReadValues()
    {
        XDocument docs = XDocument.Load(Path.ChangeExtension(typeof(MeshOptions).Assembly.Location, ".xml"));
        return docs.Descendants("member").ToDictionary(static m => (string)m.Attribute("name")!, static m => (string?)m.Element("value"));
    }

    [GeneratedRegex(@"^Default(: none| (?<default>-?[\d.:]+)( [a-z]+)?); from (?<min>-?[\d.:]+) to (?<max>[\d.:]+)\.( \S.*\.)?$")]
    private static partial Regex RangeWords();
}
