using System.Net;
using Mesh.Client.Options;
using Mesh.Client.Options.Checking;
using Mesh.Client.Options.Reading;
using Mesh.Client.Registration;

namespace Mesh.Client.AspNetCore;

/// <summary>The section <c>Mesh:Registration</c>.</summary>
internal sealed class RegistrationSection() : OptionsSection<RegistrationOptions>(SectionName, "AddRegistration")
{
    public const string SectionName = "Registration";

    private const int MaxId = 250;

    public override void CrossCheck(MeshOptions mesh, string prefix, OptionErrors errors)
    {
        var policy = (RegistrationPolicy)mesh.Added[SectionName];
        if (!policy.Enabled)
        {
            return;
        }

        if (policy.Service.Length == 0 && mesh.Local.Service.Length == 0)
        {
            errors.Add($"{prefix}{SectionName}:{nameof(RegistrationOptions.Service)}", null, "is not given, and neither is Local:Service; write the name of the service that this process is an instance of");
        }
        else if (policy.Service.Length == 0 && HostName.ServiceProblem(mesh.Local.Service) is { } problem)
        {
            errors.Add($"{prefix}{nameof(mesh.Local)}:{nameof(mesh.Local.Service)}", mesh.Local.Service, problem);
        }
    }

    protected override void Read(SectionReader section, RegistrationOptions options)
    {
        options.Enabled = section.Flag(nameof(options.Enabled), options.Enabled);
        options.Service = section.Parsed(nameof(options.Service), options.Service, Service);
        options.InstanceId = section.Parsed(nameof(options.InstanceId), options.InstanceId, Id);
        options.Address = section.Parsed(nameof(options.Address), options.Address, Address);
        options.Weight = section.Integer(nameof(options.Weight), options.Weight);
        options.WarmUp = section.Duration(nameof(options.WarmUp), options.WarmUp);
        options.DrainDelay = section.Duration(nameof(options.DrainDelay), options.DrainDelay);
        section.Section(nameof(options.Check), options.Check, ReadCheck);
        options.HealthTag = section.Text(nameof(options.HealthTag), options.HealthTag);
    }

    protected override void Check(RegistrationOptions options, string origin, OptionErrors errors)
    {
        OptionRules rules = OptionRules.For<RegistrationOptions>();
        Add(nameof(options.Service), options.Service, Service(options.Service ?? "", out _));
        Add(nameof(options.InstanceId), options.InstanceId, Id(options.InstanceId ?? "", out _));
        Add(nameof(options.Address), options.Address, Address(options.Address ?? "", out _));
        Add(nameof(options.Weight), $"{options.Weight}", rules.Problem(nameof(options.Weight), options.Weight));
        Add(nameof(options.WarmUp), $"{options.WarmUp:c}", rules.Problem(nameof(options.WarmUp), options.WarmUp));
        Add(nameof(options.DrainDelay), $"{options.DrainDelay:c}", rules.Problem(nameof(options.DrainDelay), options.DrainDelay));
        RegistrationCheckOptions check = options.Check;
        rules = OptionRules.For<RegistrationCheckOptions>();
        Add("Check:Type", $"{check.Type}", Enum.IsDefined(check.Type) ? null : "is not known; use a named value");
        Add("Check:Path", check.Path, PathProblem(check));
        Add("Check:Interval", $"{check.Interval:c}", rules.Problem(nameof(check.Interval), check.Interval));
        Add("Check:Timeout", $"{check.Timeout:c}", rules.Problem(nameof(check.Timeout), check.Timeout));
        Add("Check:DeregisterAfter", $"{check.DeregisterAfter:c}", rules.Problem(nameof(check.DeregisterAfter), check.DeregisterAfter));

        void Add(string property, string? value, string? problem)
        {
            if (problem is not null)
            {
                errors.Add($"{origin}{property}", value ?? "null", problem);
            }
        }
    }

    protected override object Compile(RegistrationOptions options)
    {
        EndpointAddress? address = string.IsNullOrEmpty(options.Address) || EndpointAddress.Parse(options.Address, out EndpointAddress parsed) is not null ? null : parsed;
        return new RegistrationPolicy
        {
            Enabled = options.Enabled,
            Service = options.Service ?? "",
            InstanceId = options.InstanceId ?? "",
            Address = address,
            Weight = options.Weight,
            WarmUp = options.WarmUp,
            DrainDelay = options.DrainDelay,
            Check = Compile(options.Check),
            HealthTag = options.HealthTag ?? "",
        };
    }

    private static InstanceCheck? Compile(RegistrationCheckOptions options)
    {
        InstanceCheckType? type = options.Type switch
        {
            RegistrationCheckType.Tcp when !string.IsNullOrEmpty(options.Path) => InstanceCheckType.Http,
            RegistrationCheckType.Tcp => InstanceCheckType.Tcp,
            RegistrationCheckType.Http => InstanceCheckType.Http,
            RegistrationCheckType.Grpc => InstanceCheckType.Grpc,
            RegistrationCheckType.Ttl => InstanceCheckType.Ttl,
            _ => null,
        };
        return type is { } known
            ? new InstanceCheck(known) { Path = options.Path ?? "", Interval = options.Interval, Timeout = options.Timeout, DeregisterAfter = options.DeregisterAfter }
            : null;
    }

    private static void ReadCheck(SectionReader section, RegistrationCheckOptions options)
    {
        options.Type = section.Choice(nameof(options.Type), options.Type);
        options.Path = section.Text(nameof(options.Path), options.Path).Trim();
        options.Interval = section.Duration(nameof(options.Interval), options.Interval);
        options.Timeout = section.Duration(nameof(options.Timeout), options.Timeout);
        options.DeregisterAfter = section.Duration(nameof(options.DeregisterAfter), options.DeregisterAfter);
    }

    private static string? Service(string text, out string value)
    {
        value = text.Trim();
        return value.Length == 0 ? null : HostName.ServiceProblem(value);
    }

    internal static string? Id(string text, out string value)
    {
        value = text.Trim();
        return value.Length <= MaxId && value.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or ':')
            ? null
            : $"is no id of an instance; use at most {MaxId} letters, digits, '-', '_', '.' and ':'";
    }

    private static string? Address(string text, out string value)
    {
        value = text.Trim();
        return value.Length == 0 ? null
            : EndpointAddress.Parse(value, out EndpointAddress address) is { } problem ? problem
            : IPAddress.TryParse(address.Host, out IPAddress? ip) && (ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any))
                ? "is every address of a machine, which nobody can call; write the one that others reach, or remove the key"
            : null;
    }

    private static string? PathProblem(RegistrationCheckOptions check) => check switch
    {
        { Path: null or "" } => null,
        { Type: RegistrationCheckType.Ttl or RegistrationCheckType.None } => "is of no use to a check of this type; remove it, or write \"Type\": \"Http\"",
        { Type: RegistrationCheckType.Grpc } => check.Path.All(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-') ? null : "is no name of a gRPC service; write one such as \"shop.Orders\"",
        _ => ValueParsers.ProbePath(check.Path, out _),
    };
}
