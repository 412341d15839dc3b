using Mesh.Client.Model;
using Mesh.Client.Options.Checking;
using Mesh.Client.Options.Origins;
using Mesh.Client.Options.Tree;

namespace Mesh.Client.Options.Reading;

/// <summary>
/// Puts the layers of the options on one another: built-in, <c>Defaults</c>, code for the defaults, .NET Aspire's endpoints, the service's section,
/// code for the service.
/// </summary>
internal sealed class LayeredOptions
{
    private readonly CodeOptions _setup;
    private readonly IReadOnlyDictionary<string, IList<EndpointOptions>> _aspire;
    private readonly ILookup<string, Action<ServiceOptions>> _code;
    private readonly OptionErrors _errors;
    private readonly KeyReader _keys;
    private readonly CodeCheck _check;
    private readonly LimitCheck _limits;
    private readonly ServerCheck _server;
    private readonly RouteCheck _routes;

    public LayeredOptions(
        CodeOptions setup, KnownNames balancers, KnownNames sources, IReadOnlyDictionary<string, IList<EndpointOptions>> aspire, OptionErrors errors)
    {
        _setup = setup;
        _aspire = aspire;
        _errors = errors;
        _code = setup.ConfigureServices.ToLookup(static s => s.Key, static s => s.Value, StringComparer.OrdinalIgnoreCase);
        _keys = new KeyReader(balancers, sources);
        _limits = new LimitCheck(errors, setup.HasQuotaStore);
        _check = new CodeCheck(balancers, sources, _limits, errors);
        _routes = new RouteCheck(errors, _limits);
        _server = new ServerCheck(_check, _limits, errors);
    }

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

        section.Section(nameof(options.Defaults), options.Defaults, _keys.Service);
        Whole(options.Defaults, null, $"{Prefix(section.Node)}{nameof(options.Defaults)}:");
        Note(PolicyOrigin.Defaults, options.Defaults);
        if (_setup.ConfigureDefaults.Count > 0)
        {
            ServiceOptions configured = options.Defaults;
            options.Defaults = configured.Copy();
            options.Defaults.OwnLists();
            int errors = _errors.Count;
            Run("ConfigureDefaults: ", _setup.ConfigureDefaults, options.Defaults, _check.Service);
            Whole(options.Defaults, configured, "ConfigureDefaults: ");
            if (_errors.Count > errors)
            {
                // Else every service would report what it inherits.
                options.Defaults = configured;
            }
        }

        Note(PolicyOrigin.DefaultsCode, options.Defaults);
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
        if (options.Services.ContainsKey(name))
        {
            return;
        }

        ServiceOptions service = options.Defaults.Copy();
        options.Services.Add(name, service);
        if (_aspire.TryGetValue(name, out IList<EndpointOptions>? endpoints))
        {
            service.Endpoints = endpoints;
        }

        Note(PolicyOrigin.Aspire, service, name);

        string origin = $"AddService(\"{name}\"): ";
        if (node is not null)
        {
            SectionReader.Read(node, service, _keys.Service, _errors);
            origin = $"{node.Path}:";
        }

        Note(PolicyOrigin.Service, service, name);

        if (_code.Contains(name))
        {
            origin = $"AddService(\"{name}\"): ";
            service.OwnLists();
            Run(origin, _code[name], service, _check.Service);
            Note(PolicyOrigin.ServiceCode, service, name);
        }

        Whole(service, options.Defaults, origin);
    }

    private void Whole(ServiceOptions options, ServiceOptions? inherited, string prefix)
    {
        CrossCheck.Service(options, inherited, prefix, _errors);
        _limits.Whole(options.RateLimits, inherited?.RateLimits, prefix);
        _limits.Whole(options.Concurrency, inherited?.Concurrency, prefix);
        _routes.Whole(options, inherited, prefix);
    }

    private void Run<T>(string origin, IEnumerable<Action<T>> code, T options, Action<T, string> check)
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
            _errors.Add(origin.TrimEnd(' ', ':'), null, $"threw {exception.GetType().Name}: {OptionErrors.Clean(exception.Message, 500)}");
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
