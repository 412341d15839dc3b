using Mesh.Client.Options.Checking;
using Mesh.Client.Options.Reading;

namespace Mesh.Client.Consul;

/// <summary>The section <c>Mesh:Consul</c>.</summary>
internal sealed class ConsulSection() : OptionsSection<ConsulOptions>(SectionName, "AddConsul")
{
    public const string SectionName = "Consul";

    private const int MaxText = 1024;

    protected override void Read(SectionReader section, ConsulOptions options)
    {
        options.Address = section.Address(nameof(options.Address), options.Address);
        options.Token = section.Parsed(nameof(options.Token), options.Token, Token);
        options.Datacenter = section.Parsed(nameof(options.Datacenter), options.Datacenter, Datacenter);
        options.WaitTime = section.Duration(nameof(options.WaitTime), options.WaitTime);
        options.IncludeWarning = section.Flag(nameof(options.IncludeWarning), options.IncludeWarning);
        options.StaleReads = section.Flag(nameof(options.StaleReads), options.StaleReads);
        options.MaxConnections = section.Integer(nameof(options.MaxConnections), options.MaxConnections);
        options.ZoneKey = section.Text(nameof(options.ZoneKey), options.ZoneKey);
        options.RegionKey = section.Text(nameof(options.RegionKey), options.RegionKey);
        options.SchemeKey = section.Text(nameof(options.SchemeKey), options.SchemeKey);
        options.PolicyPrefix = section.Parsed(nameof(options.PolicyPrefix), options.PolicyPrefix, Prefix);
    }

    protected override void Check(ConsulOptions options, string origin, OptionErrors errors)
    {
        OptionRules rules = OptionRules.For<ConsulOptions>();
        Add(nameof(options.Address), options.Address ?? "null", ValueParsers.Address(options.Address ?? "", out _));
        Add(nameof(options.Token), null, Token(options.Token ?? "", out _));
        Add(nameof(options.Datacenter), options.Datacenter, Datacenter(options.Datacenter ?? "", out _));
        Add(nameof(options.WaitTime), $"{options.WaitTime:c}", rules.Problem(nameof(options.WaitTime), options.WaitTime));
        Add(nameof(options.MaxConnections), $"{options.MaxConnections}", rules.Problem(nameof(options.MaxConnections), options.MaxConnections));
        Add(nameof(options.PolicyPrefix), options.PolicyPrefix, Prefix(options.PolicyPrefix ?? "", out _));

        void Add(string property, string? value, string? problem)
        {
            if (problem is not null)
            {
                errors.Add($"{origin}{property}", value, problem);
            }
        }
    }

    protected override object Compile(ConsulOptions options)
    {
        EndpointAddress.Parse(options.Address, out EndpointAddress address);
        Prefix(options.PolicyPrefix ?? "", out string prefix);
        return new ConsulPolicy
        {
            Address = new UriBuilder(address.Scheme ?? "http", address.Host, address.Port == 0 ? 8500 : address.Port).Uri,
            Token = options.Token ?? "",
            Datacenter = options.Datacenter ?? "",
            WaitTime = options.WaitTime,
            IncludeWarning = options.IncludeWarning,
            StaleReads = options.StaleReads,
            MaxConnections = options.MaxConnections,
            ZoneKey = options.ZoneKey ?? "",
            RegionKey = options.RegionKey ?? "",
            SchemeKey = options.SchemeKey ?? "",
            PolicyPrefix = prefix,
            ConfigureHandler = options.ConfigureHandler,
        };
    }

    // It goes into a header as it is. Its value is never shown: errors are logged.
    private static string? Token(string text, out string value)
    {
        value = text.Trim();
        return value.Length <= MaxText && value.All(static c => c is > ' ' and < '\u007F') ? null : "is no token; write the SecretID of an ACL token, letters, digits and '-'";
    }

    private static string? Prefix(string text, out string value)
    {
        value = text.Trim();
        if (value.Length == 0)
        {
            return null;
        }

        string name = value.Trim('/');
        value = $"{name}/";
        return name.Length is > 0 and <= MaxText && !name.Any(char.IsControl)
            ? null
            : "is no prefix of keys; write a folder such as \"mesh/policies/\", or leave it empty to read no policies";
    }

    private static string? Datacenter(string text, out string value)
    {
        value = text.Trim();
        return value.Length == 0 || (HostName.IsValid(value) && !value.Contains('.', StringComparison.Ordinal))
            ? null
            : "is no name of a datacenter; use letters, digits, '-' and '_', such as \"dc2\", or leave it empty for the agent's own";
    }
}
