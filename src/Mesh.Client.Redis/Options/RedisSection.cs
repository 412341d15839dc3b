using Mesh.Client.Options.Checking;
using Mesh.Client.Options.Reading;
using StackExchange.Redis;

namespace Mesh.Client.Redis;

/// <summary>The section <c>Mesh:Redis</c>.</summary>
internal sealed class RedisSection() : OptionsSection<RedisOptions>(SectionName, "AddRedisQuota")
{
    public const string SectionName = "Redis";

    private const int MaxPrefix = 200;
    private const int MaxConfiguration = 8192;

    /// <summary>The application's own multiplexer, where it gives one.</summary>
    public Func<IServiceProvider, IConnectionMultiplexer>? Multiplexer { get; set; }

    protected override void Read(SectionReader section, RedisOptions options)
    {
        string configuration = section.Text(nameof(options.Configuration), options.Configuration);
        if (Configuration(configuration) is { } problem)
        {
            section.Errors.Add($"{section.Node.Path}:{nameof(options.Configuration)}", null, problem);
        }
        else
        {
            options.Configuration = configuration;
        }

        options.KeyPrefix = section.Parsed(nameof(options.KeyPrefix), options.KeyPrefix, Prefix);
        options.Database = section.Integer(nameof(options.Database), options.Database);
        options.SilenceTimeout = section.Duration(nameof(options.SilenceTimeout), options.SilenceTimeout);
    }

    protected override void Check(RedisOptions options, string origin, OptionErrors errors)
    {
        OptionRules rules = OptionRules.For<RedisOptions>();
        Add(nameof(options.Configuration), null, Configuration(options.Configuration ?? ""));
        Add(nameof(options.KeyPrefix), options.KeyPrefix, Prefix(options.KeyPrefix ?? "", out _));
        Add(nameof(options.Database), $"{options.Database}", rules.Problem(nameof(options.Database), options.Database));
        Add(nameof(options.SilenceTimeout), $"{options.SilenceTimeout:c}", rules.Problem(nameof(options.SilenceTimeout), options.SilenceTimeout));

        void Add(string property, string? value, string? problem)
        {
            if (problem is not null)
            {
                errors.Add($"{origin}{property}", value, problem);
            }
        }
    }

    protected override object Compile(RedisOptions options) => new RedisPolicy
    {
        Configuration = options.Configuration,
        KeyPrefix = options.KeyPrefix,
        Database = options.Database,
        SilenceTimeout = options.SilenceTimeout,
    };

    // Its value is never shown, nor what its parser says of it: it may hold a password.
    private static string? Configuration(string text)
    {
        const string Remedy = "write servers and settings as StackExchange.Redis does, such as localhost:6379,ssl=true";
        if (string.IsNullOrWhiteSpace(text) || text.Length > MaxConfiguration)
        {
            return $"says no server; {Remedy}";
        }

        try
        {
            return ConfigurationOptions.Parse(text).EndPoints.Count > 0 ? null : $"says no server; {Remedy}";
        }
        catch (Exception error) when (error is ArgumentException or FormatException or OverflowException)
        {
            return $"cannot be read (its value is not shown: it may hold a password); {Remedy}";
        }
    }

    // Braces of its own would move the hash tag.
    private static string? Prefix(string text, out string value)
    {
        value = text;
        return text.Length <= MaxPrefix && !text.Any(static c => char.IsControl(c) || c is '{' or '}') ? null : "is no prefix of keys; write up to 200 characters without braces";
    }
}
