using Mesh.Client.Options.Reading;

namespace Mesh.Client.Options.Checking;

/// <summary>Checks the options of a service by all their rules.</summary>
internal sealed class ServiceCheck
{
    private readonly LimitCheck _limits;
    private readonly RouteCheck _routes;
    private readonly OptionErrors _errors;

    /// <summary>Makes the check.</summary>
    /// <param name="balancers">The balancers that there are.</param>
    /// <param name="sources">The sources of endpoints that there are.</param>
    /// <param name="hasStore">Whether a store for the quotas of the fleet was added.</param>
    /// <param name="errors">Where to report.</param>
    public ServiceCheck(KnownNames balancers, KnownNames sources, bool hasStore, OptionErrors errors)
    {
        _errors = errors;
        _limits = new LimitCheck(errors, hasStore);
        _routes = new RouteCheck(errors, _limits);
        Code = new CodeCheck(balancers, sources, _limits, errors);
    }

    /// <summary>Checks what code made of single values.</summary>
    public CodeCheck Code { get; }

    public LimitCheck Limits => _limits;

    /// <summary>Reports what does not go together.</summary>
    /// <param name="options">The service.</param>
    /// <param name="inherited">What it started from: what was wrong there is reported there.</param>
    /// <param name="prefix">What to put before the keys.</param>
    public void Whole(ServiceOptions options, ServiceOptions? inherited, string prefix)
    {
        CrossCheck.Service(options, inherited, prefix, _errors);
        _limits.Whole(options.RateLimits, inherited?.RateLimits, prefix);
        _limits.Whole(options.Concurrency, inherited?.Concurrency, prefix);
        _routes.Whole(options, inherited, prefix);
    }
}
