using Mesh.Client.Options;

namespace Mesh.Client.Tests.Options.Routes;

/// <summary>What is wrong with a route, key by key: each error names the key, the value and the remedy.</summary>
public sealed class RouteBadInputTests
{
    private const string Route = "Services:orders:Routes:0";

    [Theory]
    [InlineData("", "x", "is a section, not a value; write its keys beneath it")]
    [InlineData("Nam", "beta", "did you mean \"Name\"?")]
    [InlineData("Name:First", "beta", "is a single value, not a section or a list")]
    [InlineData("Matches:Prefix", "/a", "did you mean \"Match\"?")]
    [InlineData("Match", "/a", "is a section, not a value")]
    [InlineData("Match:Prefx", "/a", "did you mean \"Prefix\"?")]
    [InlineData("Match:Path", "orders", "is no pattern of paths; write one that begins with \"/\"")]
    [InlineData("Match:Path", "/a?b", "write the path alone")]
    [InlineData("Match:Path", "/a/../b", "write the path that it leads to")]
    [InlineData("Match:Path", "/a/b**", "write \"*\" for characters of one segment")]
    [InlineData("Match:Path", "/a%20b", "write the characters themselves")]
    [InlineData("Match:Path:0", "/a", "is a single value, not a section or a list")]
    [InlineData("Match:Exact", "orders", "is no path; write one that begins with \"/\" and has no query")]
    [InlineData("Match:Exact", "/a?b=c", "is no path")]
    [InlineData("Match:Exact", "/a b", "is no path")]
    [InlineData("Match:Prefix", "v2", "is no path")]
    [InlineData("Match:Prefix", "/v2\r\nx: y", "is no path")]
    [InlineData("Match:Prefix", "/v2#top", "is no path")]
    [InlineData("Match:PathRegex", "/(a", "is no regular expression")]
    [InlineData("Match:PathRegex", "/a(?=b)", "cannot be matched without backtracking")]
    [InlineData("Match:PathRegex", "/(?<!a)b", "write it without look-around, back references and large repetitions")]
    [InlineData("Match:PathRegex", "/(a)\\1", "cannot be matched without backtracking")]
    [InlineData("Match:PathRegex", "(((/a{1,900}){1,900}){1,900})", "cannot be matched without backtracking")]
    [InlineData("Match:PathRegex", "/a)|(b", "is no regular expression")]
    [InlineData("Match:IgnoreCase", "yes", "is neither \"true\" nor \"false\"")]
    [InlineData("Match:Methods", "GET", "is a list, not a value; write [ … ]")]
    [InlineData("Match:Methods:0", "GE T", "is no method")]
    [InlineData("Match:Headers", "x-beta", "is a section, not a value")]
    [InlineData("Match:Headers:x beta", "1", "is no name of a header")]
    [InlineData("Match:Headers:x-beta:Exakt", "1", "did you mean \"Exact\"?")]
    [InlineData("Match:Headers:x-beta:Invert", "true", "must have exactly one of Exact, Prefix, Suffix, Contains, Regex, Range and Present")]
    [InlineData("Match:Headers:x-beta:Prefix", "", "is empty, which every value is; write \"Present\": true")]
    [InlineData("Match:Headers:x-beta:Suffix", "", "is empty, which every value is")]
    [InlineData("Match:Headers:x-beta:Contains", "", "is empty, which every value is")]
    [InlineData("Match:Headers:x-beta:Regex", "[", "is no regular expression")]
    [InlineData("Match:Headers:x-beta:Regex", "", "is no regular expression of 1 to 1024 characters")]
    [InlineData("Match:Headers:x-beta:Regex", "a(?!b)", "cannot be matched without backtracking")]
    [InlineData("Match:Headers:x-beta:Range", "10", "is no range; write the first whole number and the one that it ends before, such as \"10-20\"")]
    [InlineData("Match:Headers:x-beta:Range", "20-10", "is no range")]
    [InlineData("Match:Headers:x-beta:Range", "10-10", "is no range")]
    [InlineData("Match:Headers:x-beta:Range", "1.5-2", "is no range")]
    [InlineData("Match:Headers:x-beta:Range", "0-99999999999999999999", "is no range")]
    [InlineData("Match:Headers:x-beta:Range", "", "is no range")]
    [InlineData("Match:Headers:x-beta:Present", "no", "is neither \"true\" nor \"false\"")]
    [InlineData("Match:Headers:x-beta:MissingIsEmpty", "1", "is neither \"true\" nor \"false\"")]
    [InlineData("Match:Query:id:Range", "a-b", "is no range")]
    [InlineData("Match:Query:id:IgnoreCase", "1", "is neither \"true\" nor \"false\"")]
    [InlineData("Match:Query:id:Exact:0", "1", "is a single value, not a section or a list")]
    [InlineData("Match:Callers", "web", "is a list, not a value")]
    [InlineData("Match:Lane", "dark blue", "is no name of a lane; use up to 128 letters, digits, '-', '_' and '.'")]
    [InlineData("Match:Fraction", "50", "is out of range; write a number from 0 to 1")]
    [InlineData("Match:Fraction", "-0.1", "is out of range")]
    [InlineData("Match:Fraction", "NaN", "is out of range")]
    [InlineData("Match:Fraction", "half", "is not a number")]
    [InlineData("Split", "v2", "is a list, not a value")]
    [InlineData("Split:0", "v2", "is a section, not a value")]
    [InlineData("Split:0:Weigth", "10", "did you mean \"Weight\"?")]
    [InlineData("Split:0:Weight", "-1", "is out of range; write a whole number from 0 to 1000000")]
    [InlineData("Split:0:Weight", "10%", "is not a whole number")]
    [InlineData("Split:0:Weight", "0", "has no weight above 0, so that no call could go anywhere; give one of its parts a Weight")]
    [InlineData("Split:0:Service", "10.0.0.1", "is never a service of the mesh")]
    [InlineData("Split:0:Service", "orders.mesh", "must be written without \".mesh\"")]
    [InlineData("Split:0:Labels", "v2", "is a section, not a value")]
    [InlineData("SplitKey", "x-user", "is no part of a request; write \"header:name\"")]
    [InlineData("SplitKey", "header:", "is no part of a request")]
    [InlineData("Lane", "*", "is no name of a lane")]
    [InlineData("Lane", "a,b=c", "is no name of a lane")]
    [InlineData("Timeout", "30", "a bare number would mean days")]
    [InlineData("Timeout", "2.00:00:00", "is out of range")]
    [InlineData("AttemptTimeout", "-00:00:01", "is negative")]
    [InlineData("AttemptTimeout", "", "is empty; write a value or remove the key")]
    [InlineData("Retry:MaxAttempts", "0", "is out of range; write a whole number from 1 to 20")]
    [InlineData("Retry:On:0", "404", "is nothing that can be retried")]
    [InlineData("Retry:On", "502", "is a list, not a value")]
    [InlineData("Retry:BaseDelay", "00:02:00", "is out of range")]
    [InlineData("Retry:MaxDelay", "1h", "is not a duration")]
    [InlineData("Retry:BudgetRatio", "0.2", "is no key of the mesh")]
    [InlineData("Retry:NonIdempotent", "POST", "is neither \"true\" nor \"false\"")]
    [InlineData("Hedging:Percentile", "95", "is out of range")]
    [InlineData("Hedging:MaxHedged", "0", "is out of range")]
    [InlineData("Hedging:Delay", "02:00:00", "is out of range")]
    [InlineData("RateLimits", "100", "is a list, not a value")]
    [InlineData("RateLimits:0:Name", "x", "must be given: how many may pass in each Per")]
    [InlineData("RateLimits:0:Key", "user", "is no key of a limit")]
    [InlineData("Concurrency:Limit", "-1", "is out of range")]
    [InlineData("RequestHeaders:Set", "x", "is a section, not a value")]
    [InlineData("RequestHeaders:Sets:x", "1", "did you mean \"Set\"?")]
    [InlineData("RequestHeaders:Set:x y", "1", "is no name of a header")]
    [InlineData("RequestHeaders:Set:x-a", "1\r\nx-b: 2", "is no value of a header; write visible characters of ASCII without line breaks")]
    [InlineData("RequestHeaders:Set:x-a", "\0", "is no value of a header")]
    [InlineData("RequestHeaders:Add:x-a", "grön", "is no value of a header")]
    [InlineData("RequestHeaders:Set:Host", "a", "is not a route's to change in this way; remove it, and write Rewrite:Host")]
    [InlineData("RequestHeaders:Remove:0", "host", "is not a route's to change in this way; remove it, and write Rewrite:Host")]
    [InlineData("RequestHeaders:Remove:0", ":path", "is not a route's to change, as HTTP/2 puts method, path and host there; remove it, and write Rewrite:Path or Rewrite:Host")]
    [InlineData("ResponseHeaders:Remove:0", ":status", "is not a route's to change")]
    [InlineData("ResponseHeaders:Remove:0", "grpc-status", "is not a route's to change; remove it, since gRPC itself")]
    [InlineData("ResponseHeaders:Set:Grpc-Message", "a", "is not a route's to change; remove it, since gRPC itself")]
    [InlineData("RequestHeaders:Add:grpc-timeout", "1S", "is not a route's to change; remove it, since gRPC itself")]
    [InlineData("RequestHeaders:Remove:0", " GRPC-Encoding ", "is not a route's to change; remove it, since gRPC itself")]
    [InlineData("ResponseHeaders:Remove:0", "Connection", "is not a route's to change; remove it, since the connection")]
    [InlineData("RequestHeaders:Remove:0", "http2-settings", "is not a route's to change; remove it, since the connection")]
    [InlineData("RequestHeaders:Set:Content-Length", "1", "is not a route's to change")]
    [InlineData("RequestHeaders:Add:Transfer-Encoding", "chunked", "is not a route's to change")]
    [InlineData("RequestHeaders:Remove:0", "TE", "is not a route's to change")]
    [InlineData("RequestHeaders:Remove:0", "x:y", "is no name of a header")]
    [InlineData("RequestHeaders:Remove", "x", "is a list, not a value")]
    [InlineData("ResponseHeaders:Add:x-a", "a\nb", "is no value of a header")]
    [InlineData("ResponseHeaders:Set:Connection", "close", "is not a route's to change")]
    [InlineData("ResponseHeaders:Remove:0", "", "is no name of a header")]
    [InlineData("Rewrite:Path", "new", "is no path")]
    [InlineData("Rewrite:Path", "/a?b", "is no path")]
    [InlineData("Rewrite:Prefix", "/new", "replaces what Match:Prefix or Match:Exact matched, and neither is given; name one, or write Path")]
    [InlineData("Rewrite:Regex", "(", "is no regular expression")]
    [InlineData("Rewrite:Regex", "a(?=b)", "cannot be matched without backtracking")]
    [InlineData("Rewrite:Substitution", "/a", "is of no use without Regex; remove it, or write what it replaces")]
    [InlineData("Rewrite:Host", "a b", "is no host; write a name, with a port where it needs one")]
    [InlineData("Rewrite:Host", "a/b", "is no host")]
    [InlineData("Rewrite:Host", "http://a", "is no host")]
    [InlineData("Rewrite:Host", "user@a", "is no host")]
    [InlineData("Rewrite:Host", "a:99999", "is no host")]
    [InlineData("Rewrite:Host", "a\r\nx: y", "is no host")]
    [InlineData("Respond:Status", "100", "is out of range; write a whole number from 200 to 599")]
    [InlineData("Respond:Status", "OK", "is not a whole number")]
    [InlineData("Respond:ContentType", "text", "is no type of content; write one such as \"text/plain\"")]
    [InlineData("Respond:Boddy", "x", "did you mean \"Body\"?")]
    [InlineData("Respond", "404", "is a section, not a value")]
    [InlineData("Redirect:Status", "300", "is out of range")]
    [InlineData("Redirect:Status", "304", "is no redirect; write 301, 302, 303, 307 or 308")]
    [InlineData("Redirect:Status", "302", "leads to where the call already goes; name a Scheme, Host, Port, Path or Prefix")]
    [InlineData("Redirect:Scheme", "ftp", "is no scheme of HTTP; write \"http\" or \"https\"")]
    [InlineData("Redirect:Port", "70000", "is out of range")]
    [InlineData("Redirect:Host", "a?b", "is no host")]
    [InlineData("Rewrite:Host", "bücher.example", "has characters that no header may have; write the name in its form of ASCII")]
    [InlineData("Redirect:Path", "new", "is no path")]
    [InlineData("Redirect:Path", "?a=b", "is no path")]
    [InlineData("Redirect:Path", "/a?b\r\nx: y", "is no path")]
    [InlineData("Redirect:Prefix", "/new", "replaces what Match:Prefix or Match:Exact matched, and neither is given")]
    [InlineData("Redirect:StripQuery", "1", "is neither \"true\" nor \"false\"")]
    [InlineData("Mirror:Service", "a b", "is not a host name")]
    [InlineData("Mirror:Percent", "101", "is out of range; write a number from 0 to 100")]
    [InlineData("Mirror:MaxBody", "-1", "is out of range")]
    [InlineData("Mirror:MaxActive", "0", "is out of range")]
    [InlineData("Mirror:Servce", "a", "did you mean \"Service\"?")]
    [InlineData("Fault:DelayPercent", "101", "is out of range")]
    [InlineData("Fault:Delay", "5", "a bare number would mean days")]
    [InlineData("Fault:AbortStatus", "600", "is out of range")]
    [InlineData("Fault:AbortGrpcStatus", "17", "is out of range")]
    [InlineData("Fault:AbortPercent", "-1", "is out of range")]
    [InlineData("Fault:FromHeaders", "all", "is neither \"true\" nor \"false\"")]
    [InlineData("Fault:MaxActive", "-1", "is out of range")]
    public void Start_WrongValue_NamesKeyValueAndRemedy(string key, string value, string problem)
    {
        string[] errors = ConfigurationFixture.Errors((key.Length == 0 ? Route : $"{Route}:{key}", value));

        string error = Assert.Single(errors, e => e.Contains(problem, StringComparison.Ordinal));
        Assert.StartsWith($"Mesh:{Route}{(key.Length == 0 ? "" : $":{key.Split(':')[0]}")}", error, StringComparison.Ordinal);
        Assert.True(value.Length == 0 || value.Any(char.IsControl) || error.Contains($"\"{value}\"", StringComparison.Ordinal) || key.EndsWith("x beta", StringComparison.Ordinal) || !error.StartsWith($"Mesh:{Route}:{key} ", StringComparison.Ordinal) || IsOfAll(error), error);
        Assert.DoesNotContain(error, char.IsControl);
    }

    [Theory]
    [InlineData("Match:Prefix", "/a", "Match:Exact", "/b", "stands beside Exact; a rule looks at its path in one way")]
    [InlineData("Match:Path", "/a", "Match:PathRegex", "/b", "stands beside Path")]
    [InlineData("Match:Headers:x:Exact", "a", "Match:Headers:x:Prefix", "b", "must have exactly one of Exact, Prefix")]
    [InlineData("Match:Headers:x:Present", "true", "Match:Headers:x:Range", "1-2", "must have exactly one of Exact, Prefix")]
    [InlineData("Match:Query:x:Suffix", "a", "Match:Query:x:Contains", "b", "must have exactly one of Exact, Prefix")]
    [InlineData("Match:Methods:0", "GET", "Match:Methods:1", "get", "is in the list twice; remove one")]
    [InlineData("Rewrite:Path", "/a", "Rewrite:Regex", "b", "stands beside Path; a path is rewritten in one way")]
    [InlineData("Rewrite:Regex", "(a)", "Rewrite:Substitution", "\\2", "write \\\\ for a backslash, or \\0 to \\1 for a group of the pattern")]
    [InlineData("Rewrite:Regex", "a", "Rewrite:Substitution", "b\\", "has a \"\\\" that stands for nothing")]
    [InlineData("Rewrite:Regex", "a", "Rewrite:Substitution", "b#c", "has characters that no path has")]
    [InlineData("Rewrite:Regex", "a", "Rewrite:Substitution", "b\r\nc", "has characters that no path has")]
    [InlineData("Respond:Status", "200", "Redirect:Path", "/a", "stands beside Respond; a call has one answer, so remove one")]
    [InlineData("Redirect:Host", "a:81", "Redirect:Port", "82", "stands beside a port in Host; remove one")]
    [InlineData("Redirect:Host", "[::1]:81", "Redirect:Port", "82", "stands beside a port in Host; remove one")]
    [InlineData("Redirect:Path", "/a", "Redirect:Prefix", "/b", "stands beside Path; a path is replaced in one way")]
    [InlineData("Retry:BaseDelay", "00:00:10", "Retry:MaxDelay", "00:00:01", "is longer than MaxDelay; lower it or raise the other")]
    [InlineData("Split:0:Weight", "0", "Split:1:Weight", "0", "has no weight above 0")]
    public void Start_ValuesThatDoNotGoTogether_SaysWhich(string first, string firstValue, string second, string secondValue, string problem) => Assert.Contains(
        ConfigurationFixture.Errors(($"{Route}:{first}", firstValue), ($"{Route}:{second}", secondValue)),
        e => e.Contains(problem, StringComparison.Ordinal) && e.StartsWith($"Mesh:{Route}:", StringComparison.Ordinal));

    [Fact]
    public void Start_SameNameTwice_IsRefused() => Assert.Contains(
        "Mesh:Services:orders:Routes:1:Name = \"Beta\" is in the list twice",
        Assert.Single(ConfigurationFixture.Errors(($"{Route}:Name", "beta"), ("Services:orders:Routes:1:Name", "Beta"))),
        StringComparison.Ordinal);

    [Fact]
    public void Start_NameOfARouteThatHasNone_IsRefused() => Assert.Contains(
        "\"Routes:1\" is in the list twice",
        Assert.Single(ConfigurationFixture.Errors(($"{Route}:Name", "routes:1"), ("Services:orders:Routes:1:Match:Prefix", "/a"))),
        StringComparison.Ordinal);

    [Fact]
    public void Start_RedirectToAnAddressWithAPortBesideIt_IsGood() =>
        Assert.Single(ConfigurationFixture.Compile(($"{Route}:Redirect:Host", "[::1]"), ($"{Route}:Redirect:Port", "82")).For("orders").Routes.Items);

    [Fact]
    public void Start_TooManyRoutesOrParts_IsRefused()
    {
        Assert.Contains("has too many routes; at most 1000 are possible", Assert.Single(ConfigurationFixture.Errors([.. Enumerable.Range(0, 1001).Select(static i => ($"Services:orders:Routes:{i}:Name", (string?)$"{i}"))])), StringComparison.Ordinal);
        Assert.Contains("has too many parts; at most 100 are possible", Assert.Single(ConfigurationFixture.Errors([.. Enumerable.Range(0, 101).Select(static i => ($"{Route}:Split:{i}:Weight", (string?)"1"))])), StringComparison.Ordinal);
    }

    [Fact]
    public void Start_BodyTooLong_IsRefused() =>
        Assert.Contains("longer than 4096 characters; shorten it", Assert.Single(ConfigurationFixture.Errors(($"{Route}:Respond:Body", new string('x', 4097)))), StringComparison.Ordinal);

    [Theory]
    [InlineData("Subsets:Fallback", "All", "write one of None, Any, Default")]
    [InlineData("Subsets:Fallback", "Default", "must name the labels of the default subset")]
    [InlineData("Subsets:Default", "v1", "is a section, not a value")]
    [InlineData("Subsets:Falback", "Any", "did you mean \"Fallback\"?")]
    [InlineData("Lanes:Strict", "blue", "is a list, not a value")]
    [InlineData("Lanes:Strict:0", "dark blue", "is no name of a lane")]
    [InlineData("Lanes:Labels", "lane", "did you mean \"Label\"?")]
    public void Start_WrongSubsetOrLane_NamesKeyAndRemedy(string key, string value, string problem) =>
        Assert.Contains(problem, Assert.Single(ConfigurationFixture.Errors(($"Services:orders:{key}", value))), StringComparison.Ordinal);

    [Fact]
    public void Start_WrongEverywhere_NamesEveryErrorAtOnce()
    {
        string[] errors = ConfigurationFixture.Errors(
            ("Services:orders:Routes:0:Match:Prefix", "a"),
            ("Services:orders:Routes:1:Split:0:Weight", "-1"),
            ("Services:items:Routes:0:Redirect:Status", "304"),
            ("Services:items:Timeout", "5"),
            ("Defaults:Routes:0:Match:PathRegex", "("));

        Assert.Equal(6, errors.Length);
        Assert.All(
            (string[])["Mesh:Services:orders:Routes:0:Match:Prefix = \"a\"", "Mesh:Services:orders:Routes:1:Split:0:Weight = \"-1\"", "Mesh:Services:items:Routes:0:Redirect:Status = \"304\"", "Mesh:Services:items:Timeout = \"5\"", "Mesh:Defaults:Routes:0:Match:PathRegex = \"(\""],
            subject => Assert.Contains(errors, e => e.StartsWith(subject, StringComparison.Ordinal)));
    }

    [Fact]
    public void Reload_OneBadRule_KeepsTheWholeDocumentBefore()
    {
        MutableSource source = ConfigurationFixture.Source((Route + ":Match:Prefix", "/a"), ("Services:orders:Timeout", "00:00:01"));
        using var fixture = new ConfigurationFixture(source);
        MeshConfiguration configuration = fixture.Start();

        source.Replace(ConfigurationFixture.InMesh((Route + ":Match:Prefix", "b"), ("Services:orders:Timeout", "00:00:02")));
        fixture.Settle();

        Assert.Equal(TimeSpan.FromSeconds(1), configuration.Current.For("orders").Timeout);
        Assert.Equal("/a", Assert.Single(configuration.Current.For("orders").Routes.Items).Match.Prefix);
    }

    // An error about several values, or a list, has no value of its own.
    private static bool IsOfAll(string error) => !error.Contains(" = \"", StringComparison.Ordinal);
}
