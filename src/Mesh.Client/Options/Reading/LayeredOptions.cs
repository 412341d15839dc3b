using Mesh.Client.Model;
using Mesh.Client.Options.Checking;
using Mesh.Client.Options.Origins;
using Mesh.Client.Options.Tree;

namespace Mesh.Client.Options.Reading;

/// <summary>
/// Puts the layers of the options on one another: built-in, <c>Defaults</c>, code for the defaults, .NET Aspire's endpoints, the service's section,
/// overlays, code for the service.
/// </summary>
internal sealed class LayeredOptions
{
    private readonly CodeOptions _setup;
    private readonly IReadOnlyDictionary<string, IList<EndpointOptions>> _aspire;
    private readonly ILookup<string, Action<ServiceOptions>> _code;
    private readonly OptionErrors _errors;
    private readonly KeyReader _keys;
    private readonly Func<OptionErrors, ServiceCheck> _checks;
    private readonly ServiceCheck _service;
    private readonly CodeCheck _check;
    private readonly ServerCheck _server;
    private ServiceOptions _inherited = new();
    private OverlayLayers? _overlays;

    public LayeredOptions(
        CodeOptions setup, KnownNames balancers, KnownNames sources, IReadOnlyDictionary<string, IList<EndpointOptions>> aspire, OptionErrors errors)
    {
        _setup = setup;
        _aspire = aspire;
        _errors = errors;
        _code = setup.ConfigureServices.ToLookup(static s => s.Key, static s => s.Value, StringComparer.OrdinalIgnoreCase);
        _keys = new KeyReader(balancers, sources);
        _checks = found => new ServiceCheck(balancers, sources, setup.HasQuotaStore, found);
        _service = _checks(errors);
        _check = _service.Code;
        _server = new ServerCheck(_check, _service.Limits, errors);
    }

    /// <summary>The services to read; <see langword="null"/> for all.</summary>
    public IReadOnlySet<string>? Only { get; init; }

    /// <summary>Told what each layer made, where somebody asks for it.</summary>
    public OptionStages? Stages { get; init; }

    public MeshOptions Read(ConfigTree mesh)
    {
        var options = new MeshOptions();
        if (mesh.Problem is not null)
        {
            _errors.Add(mesh.Root.Path is { Length: > 0 } path ? path : "The configuration of the mesh", null, mesh.Problem);
        }
        else if (mesh.Root.Path.Length == 0 && mesh.Root.Child(nameof(Mesh)) is not null)
        {
            _errors.Add("AddMesh", null, "was given the whole configuration; give it builder.Configuration.GetSection(\"Mesh\")");
        }
        else
        {
            SectionReader.Read(mesh.Root, options, Root, _errors);
        }

        return options;
    }

    private void Root(SectionReader section, MeshOptions options)
    {
        options.AttachToAllClients = section.Flag(nameof(options.AttachToAllClients), options.AttachToAllClients);

        section.Section(nameof(options.Local), options.Local, KeyReader.Local);
        Run("ConfigureLocal: ", _setup.ConfigureLocal, options.Local, _check.Local);

        section.Section(nameof(options.Discovery), options.Discovery, _keys.Discovery);
        Run("ConfigureDiscovery: ", _setup.ConfigureDiscovery, options.Discovery, _check.Discovery);

        string defaults = $"{Prefix(section.Node)}{nameof(options.Defaults)}";
        int sound = _errors.Count;
        section.Section(nameof(options.Defaults), options.Defaults, _keys.Service);
        _service.Whole(options.Defaults, null, $"{defaults}:");
        Note(PolicyOrigin.Defaults, options.Defaults);
        if (_setup.ConfigureDefaults.Count > 0)
        {
            ServiceOptions configured = options.Defaults;
            options.Defaults = configured.Copy();
            options.Defaults.OwnLists();
            int errors = _errors.Count;
            Run("ConfigureDefaults: ", _setup.ConfigureDefaults, options.Defaults, _check.Service);
            _service.Whole(options.Defaults, configured, "ConfigureDefaults: ");
            if (_errors.Count > errors)
            {
                // Else every service would report what it inherits.
                options.Defaults = configured;
            }
        }

        Note(PolicyOrigin.DefaultsCode, options.Defaults);

        // What services inherit is without the overlays, which go over each service's own values.
        _overlays = new OverlayLayers(_keys.Overlays, _checks, options.Local, _setup.Instance, _errors);
        _inherited = options.Defaults;
        options.Defaults = _overlays.Over(new OverlaidService
        {
            Subject = defaults,
            Configured = _inherited,
            Plain = _inherited,
            CodeOrigin = "ConfigureDefaults: ",
            IsSound = _errors.Count == sound,
        });

        section.Section(nameof(options.Server), options.Server, ServerReader.Server);
        Run("ConfigureServer: ", _setup.ConfigureServer, options.Server, _server.Code);
        if (options.Local.Service.Length == 0 && options.Server.RateLimits.Any(static l => l is { Store: LimitStore.Redis }))
        {
            _errors.Add(
                $"{Prefix(section.Node)}{nameof(options.Server)}:{nameof(options.Server.RateLimits)}",
                null,
                "has a limit of Store Redis, which every service without a name would share; give this process its name under Local:Service, or write Store Memory");
        }

        _server.Whole(options.Server, _setup.ConfigureServer.Count > 0 ? "ConfigureServer: " : $"{Prefix(section.Node)}{nameof(options.Server)}:");

        section.Section(nameof(options.AccessLog), options.AccessLog, KeyReader.AccessLog);
        section.Section(nameof(options.Figures), options.Figures, KeyReader.Figures);
        Services(section, options);
        foreach (AddedSection added in _setup.Sections)
        {
            int known = _errors.Count;
            options.Added[added.Name] = added.Read(section);
            if (_errors.Count == known)
            {
                added.CrossCheck(options, Prefix(section.Node), _errors);
            }
        }

        foreach ((string name, string remedy) in AddedSection.KnownPackages)
        {
            if (section.Node.Child(name) is { } stranger && !options.Added.ContainsKey(name))
            {
                section.Known(name);
                _errors.Add(stranger, remedy);
            }
        }
    }

    private void Services(SectionReader section, MeshOptions options)
    {
        foreach (ConfigNode node in section.Named(nameof(options.Services)))
        {
            if (HostName.ServiceProblem(node.Key) is { } problem)
            {
                _errors.Add(node, problem);
            }

            Add(options, node.Key, node);
        }

        foreach (IGrouping<string, Action<ServiceOptions>> code in _code)
        {
            if (HostName.ServiceProblem(code.Key) is { } problem)
            {
                _errors.Add($"AddService(\"{code.Key}\")", null, problem);
            }

            Add(options, code.Key, null);
        }

        foreach (string name in _aspire.Keys)
        {
            Add(options, name, null);
        }
    }

    private void Add(MeshOptions options, string name, ConfigNode? node)
    {
        if (options.Services.ContainsKey(name) || Only?.Contains(name) == false)
        {
            return;
        }

        int sound = _errors.Count;
        ServiceOptions service = _inherited.Copy();
        if (_aspire.TryGetValue(name, out IList<EndpointOptions>? endpoints))
        {
            service.Endpoints = endpoints;
        }

        Note(PolicyOrigin.Aspire, service, name);
        string code = $"AddService(\"{name}\"): ";
        if (node is not null)
        {
            SectionReader.Read(node, service, _keys.Service, _errors);
        }

        Note(PolicyOrigin.Service, service, name);
        ServiceOptions configured = service;
        bool hasCode = _code.Contains(name);
        if (hasCode)
        {
            service = configured.Copy();
            service.OwnLists();
            Run(code, _code[name], service, _check.Service);
            Note(PolicyOrigin.ServiceCode, service, name);
        }

        _service.Whole(service, _inherited, hasCode || node is null ? code : $"{node.Path}:");
        ServiceOptions overlaid = _overlays!.Over(new OverlaidService
        {
            Subject = node?.Path ?? $"AddService(\"{name}\")",
            Configured = configured,
            Plain = service,
            Inherited = _inherited.Overlays,
            Code = hasCode ? (tried, errors) => Run(code, _code[name], tried, _checks(errors).Code.Service, errors) : null,
            CodeOrigin = code,
            IsSound = _errors.Count == sound,
        });
        options.Services.Add(name, overlaid);
        Note(PolicyOrigin.Overlay, overlaid, name);
    }

    private void Run<T>(string origin, IEnumerable<Action<T>> code, T options, Action<T, string> check) => Run(origin, code, options, check, _errors);

    private static void Run<T>(string origin, IEnumerable<Action<T>> code, T options, Action<T, string> check, OptionErrors errors)
    {
        bool any = false;
        try
        {
            foreach (Action<T> configure in code)
            {
                any = true;
                configure(options);
            }

            if (any)
            {
                check(options, origin);
            }
        }
        catch (Exception exception)
        {
            errors.Add(origin.TrimEnd(' ', ':'), null, $"threw {exception.GetType().Name}: {OptionErrors.Clean(exception.Message, 500)}");
        }
    }

    private void Note(PolicyOrigin layer, ServiceOptions options, string? service = null)
    {
        if (Stages is { } stages && (service is null || stages.IsFor(service)))
        {
            stages.Take(layer, record => _keys.Service(new SectionReader(new ConfigNode("", null), OptionRules.For<ServiceOptions>(), new OptionErrors()) { Record = record }, options));
        }
    }

    private static string Prefix(ConfigNode node) => node.Path is { Length: > 0 } path ? $"{path}:" : "";
}
